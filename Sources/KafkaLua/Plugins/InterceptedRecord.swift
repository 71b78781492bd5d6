import CLuaShim
import KafkaProducer
import LuaRuntime

/// A record on its way through interceptors: the bytes of whoever sends it, or what an interceptor wrote instead.
struct InterceptedRecord: ~Copyable {
    /// The record as it is now.
    private(set) var seen: LuaRecord
    /// Whether an interceptor wrote to it.
    private(set) var isChanged = false
    // What was written, which goes with the record.
    private var keptTopic: UnsafeMutableRawPointer?
    private var keptKey: UnsafeMutableRawPointer?
    private var keptValue: UnsafeMutableRawPointer?

    /// - Parameter record: its bytes stay where they are for as long as this is used.
    init(_ record: LuaRecord) {
        seen = record
        seen.isWritable = true
    }

    deinit {
        keptTopic?.deallocate()
        keptKey?.deallocate()
        keptValue?.deallocate()
    }

    /// Lends the record as the producer takes it.
    func withBytes<Result>(_ body: (RecordBytes) throws -> Result) rethrows -> Result {
        try seen.headers.withEncoded { headers in
            try body(
                RecordBytes(
                    key: seen.key, value: seen.value, headers: headers,
                    timestamp: seen.timestamp ?? WallClock.milliseconds))
        }
    }

    /// Takes over what a hook wrote.
    /// - Throws: `LuaError` if some of it cannot be; then none of it is.
    mutating func take(_ written: borrowing LuaWrittenRecord) throws(LuaError) {
        let key = try written.bytes(LK_RECORD_KEY, named: "key")
        let value = try written.bytes(LK_RECORD_VALUE, named: "value")
        if let slot = written[LK_RECORD_HEADERS] { seen.headers = try Headers(written.values.value(slot)) }
        // Nothing is thrown from here on: C has checked the others when they were written.
        if let key { seen.key = Self.keep(key, in: &keptKey) }
        if let value { seen.value = Self.keep(value, in: &keptValue) }
        if let slot = written[LK_RECORD_TOPIC], let name = written.values.bytesIfString(slot) {
            seen.topic = Self.keep(name, in: &keptTopic) ?? name
        }
        if let slot = written[LK_RECORD_TIMESTAMP] { seen.timestamp = try? written.values.integer(slot) }
        if let slot = written[LK_RECORD_PARTITION] {
            seen.partition = (try? written.values.integer(slot)).map { Int32(clamping: $0) }
        }
        isChanged = true
    }

    /// Copies bytes of Lua, which go when its call is over, to the place of those that were kept before.
    private static func keep(
        _ bytes: UnsafeRawBufferPointer?, in kept: inout UnsafeMutableRawPointer?
    ) -> UnsafeRawBufferPointer? {
        kept?.deallocate()
        kept = nil
        guard let bytes else { return nil }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyMemory(from: bytes)
        kept = copy.baseAddress
        return UnsafeRawBufferPointer(copy)
    }
}

extension LuaWrittenRecord {
    /// What was written to a field that takes a string or null; nil where nothing was.
    fileprivate func bytes(_ field: lk_record_field, named name: String) throws(LuaError) -> UnsafeRawBufferPointer?? {
        guard let slot = self[field] else { return .none }
        if let bytes = values.bytesIfString(slot) { return bytes }
        let value = try values.value(slot)
        guard value.isNull else {
            throw LuaError("field '\(name)' of a record must be a string or nil, got \(value.typeName)")
        }
        return .some(nil)
    }
}

extension [UInt8]? {
    func withOptionalBytes<Result>(_ body: (UnsafeRawBufferPointer?) throws -> Result) rethrows -> Result {
        guard let self else { return try body(nil) }
        return try self.withUnsafeBytes { try body($0) }
    }
}

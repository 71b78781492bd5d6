import CLuaShim
import KafkaProducer
import LuaRuntime

/// A record as Lua's hooks see it: bytes that somebody else holds.
struct LuaRecord {
    var topic: UnsafeRawBufferPointer
    var key: UnsafeRawBufferPointer?
    var value: UnsafeRawBufferPointer?
    var headers = Headers()
    /// Milliseconds since 1970; nil if none was named.
    var timestamp: Int64?
    var partition: Int32?
    var isWritable = false

    /// Lends the record to C for the length of a call.
    func lend<Result>(_ body: (UnsafePointer<lk_record>) throws(LuaError) -> Result) throws(LuaError) -> Result {
        var record = lk_record()
        record.topic = lk_value(lending: topic)
        record.key = lk_value(lending: key)
        record.value = lk_value(lending: value)
        record.timestamp = timestamp ?? -1
        record.partition = partition ?? -1
        record.is_writable = isWritable
        if headers.isEmpty { return try body(&record) }
        let storage = HeaderStorage(headers)
        defer { storage.deallocate() }
        record.headers = UnsafePointer(storage.entries.baseAddress)
        record.header_count = storage.entries.count
        return try body(&record)
    }
}

extension lk_record {
    /// A record that is not to be changed, and has no headers.
    @inline(__always)
    init(lending record: borrowing SerializedRecord) {
        self.init()
        topic = lk_value(lending: record.topicBytes)
        key = lk_value(lending: record.bytes.key)
        value = lk_value(lending: record.bytes.value)
        timestamp = record.bytes.timestamp
        partition = -1
    }
}

extension lk_value {
    /// A string that is lent; nil is Lua's nil.
    fileprivate init(lending bytes: UnsafeRawBufferPointer?) {
        self.init()
        type = bytes == nil ? LK_NIL : LK_STRING
        self.bytes = bytes?.baseAddress
        length = bytes?.count ?? 0
    }
}

/// Headers as C sees them, for the length of a call.
private struct HeaderStorage {
    let entries: UnsafeMutableBufferPointer<lk_header>
    private let bytes: UnsafeMutableRawBufferPointer

    init(_ headers: Headers) {
        entries = .allocate(capacity: headers.count)
        let size = headers.reduce(0) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) }
        bytes = .allocate(byteCount: max(size, 1), alignment: 1)
        var position = 0
        for (index, header) in headers.enumerated() {
            var entry = lk_header()
            (entry.key, entry.key_length) = Self.store(Array(header.name.utf8), in: bytes, &position)
            if let value = header.value {
                (entry.value, entry.value_length) = Self.store(value, in: bytes, &position)
            }
            entries.initializeElement(at: index, to: entry)
        }
    }

    private static func store(
        _ content: [UInt8], in bytes: UnsafeMutableRawBufferPointer, _ position: inout Int
    ) -> (UnsafeRawPointer?, Int) {
        let place = UnsafeMutableRawBufferPointer(rebasing: bytes[position..<position + content.count])
        place.copyBytes(from: content)
        defer { position += content.count }
        return (bytes.baseAddress.map { UnsafeRawPointer($0 + position) }, content.count)
    }

    func deallocate() {
        entries.deallocate()
        bytes.deallocate()
    }
}

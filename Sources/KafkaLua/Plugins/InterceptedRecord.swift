import CLuaShim
import KafkaProducer
import LuaRuntime

/// A record on its way through interceptors, with memory of its own, since they may change it.
struct InterceptedRecord {
    var topic: String
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: Headers
    var partition: Int32?
    var timestamp: Int64?

    init(topic: String, key: [UInt8]?, value: [UInt8]?) {
        self.topic = topic
        self.key = key
        self.value = value
        headers = Headers()
    }

    init(_ record: borrowing OutgoingRecord) {
        topic = String(decoding: record.topic, as: UTF8.self)
        key = record.key.map { Array($0) }
        value = record.value.map { Array($0) }
        headers = record.headers
        partition = record.partition
        timestamp = record.timestamp
    }

    /// Lends the record as the producer takes it.
    func withBytes<Result>(_ body: (RecordBytes) throws -> Result) rethrows -> Result {
        try key.withOptionalBytes { key in
            try value.withOptionalBytes { value in
                try headers.withEncoded { headers in
                    try body(
                        RecordBytes(
                            key: key, value: value, headers: headers, timestamp: timestamp ?? WallClock.milliseconds))
                }
            }
        }
    }

    /// Lends the record as Lua's hooks see it.
    func withRecord<Result>(
        isWritable: Bool = true, _ body: (UnsafePointer<lk_record>) throws(LuaError) -> Result
    ) throws(LuaError) -> Result {
        try key.withOptionalBytes { key in
            value.withOptionalBytes { value in
                Swift.Result { () throws(LuaError) in
                    try LuaRecord(
                        topic: topic, key: key, value: value, headers: headers, timestamp: timestamp,
                        partition: partition, isWritable: isWritable
                    ).lend(body)
                }
            }
        }.get()
    }

    /// The record with what a script wrote to it.
    /// - Parameter written: what was written to a field; nil where nothing was.
    func changed(
        _ written: (lk_record_field) throws(LuaError) -> LuaValue?
    ) throws(LuaError) -> InterceptedRecord {
        var record = self
        if let topic = try written(LK_RECORD_TOPIC)?.text { record.topic = topic }
        if let key = try written(LK_RECORD_KEY) { record.key = try Self.bytes(key, "key") }
        if let value = try written(LK_RECORD_VALUE) { record.value = try Self.bytes(value, "value") }
        if let timestamp = try written(LK_RECORD_TIMESTAMP) { record.timestamp = timestamp.integer }
        if let partition = try written(LK_RECORD_PARTITION) {
            record.partition = partition.integer.map { Int32(clamping: $0) }
        }
        if let headers = try written(LK_RECORD_HEADERS) { record.headers = try Headers(headers) }
        return record
    }

    private static func bytes(_ value: LuaValue, _ field: String) throws(LuaError) -> [UInt8]? {
        if value.isNull { return nil }
        guard case .string(let bytes) = value else {
            throw LuaError("field '\(field)' of a record must be a string or nil, got \(value.typeName)")
        }
        return bytes
    }
}

extension [UInt8]? {
    func withOptionalBytes<Result>(_ body: (UnsafeRawBufferPointer?) throws -> Result) rethrows -> Result {
        guard let self else { return try body(nil) }
        return try self.withUnsafeBytes { try body($0) }
    }
}

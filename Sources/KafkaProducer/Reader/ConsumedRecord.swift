public import KafkaWire

/// A record as it was read back.
public struct ConsumedRecord: Sendable, Hashable {
    public var topic: String
    /// From 0.
    public var partition: Int32
    public var offset: Int64
    /// Milliseconds since 1970.
    public var timestamp: Int64
    public var key: [UInt8]?
    /// nil for a tombstone.
    public var value: [UInt8]?
    public var headers: [RecordHeader]

    init(_ record: Record, topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
        offset = record.offset
        timestamp = record.timestamp
        key = record.key
        value = record.value
        headers = record.headers
    }
}

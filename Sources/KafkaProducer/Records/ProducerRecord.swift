/// A record on its way: a topic, and what a partition of it will hold.
public struct ProducerRecord<Key, Value> {
    public var topic: String
    /// The partition, from 0; nil lets the partitioner choose.
    public var partition: Int32?
    /// Milliseconds since 1970; nil takes the time of `send`.
    public var timestamp: Int64?
    public var key: Key?
    /// nil is a tombstone: a compacted topic forgets the key.
    public var value: Value?
    public var headers: Headers

    @inlinable
    public init(
        topic: String, partition: Int32? = nil, timestamp: Int64? = nil, key: Key? = nil, value: Value?,
        headers: Headers = Headers()
    ) {
        self.topic = topic
        self.partition = partition
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}

extension ProducerRecord: Sendable where Key: Sendable, Value: Sendable {}
extension ProducerRecord: Equatable where Key: Equatable, Value: Equatable {}

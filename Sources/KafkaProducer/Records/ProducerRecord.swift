/// A record on its way: a topic, and what a partition of it will hold.
public struct ProducerRecord<Key, Value> {
    public var topic: String
    public var key: Key?
    /// nil is a tombstone: a compacted topic forgets the key.
    public var value: Value?
    public var headers: Headers
    // In one field: the compiler takes a structure apart that has six at most, and else copies and destroys it by
    // functions of its type, at a tenth of a record's cost.
    @usableFromInline var partitionAndTimestamp: SIMD2<Int64>

    @inlinable
    public init(
        topic: String, partition: Int32? = nil, timestamp: Int64? = nil, key: Key? = nil, value: Value?,
        headers: Headers = Headers()
    ) {
        self.topic = topic
        self.key = key
        self.value = value
        self.headers = headers
        partitionAndTimestamp = SIMD2(partition.map { Int64($0) } ?? Self.missing, timestamp ?? Self.missing)
    }

    /// Stands for nil in `partitionAndTimestamp`; no time that `send` takes.
    @inlinable static var missing: Int64 { .min }

    /// The partition, from 0; nil lets the partitioner choose.
    @inlinable public var partition: Int32? {
        get {
            let partition = partitionAndTimestamp.x
            return partition == Self.missing ? nil : Int32(truncatingIfNeeded: partition)
        }
        set { partitionAndTimestamp.x = newValue.map { Int64($0) } ?? Self.missing }
    }

    /// Milliseconds since 1970; nil takes the time of `send`.
    @inlinable public var timestamp: Int64? {
        get { partitionAndTimestamp.y == Self.missing ? nil : partitionAndTimestamp.y }
        set { partitionAndTimestamp.y = newValue ?? Self.missing }
    }
}

extension ProducerRecord: Sendable where Key: Sendable, Value: Sendable {}
extension ProducerRecord: Equatable where Key: Equatable, Value: Equatable {}

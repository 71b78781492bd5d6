/// Where a record was stored. A record that failed has a topic, its partition if one was chosen, and −1 elsewhere.
public struct RecordMetadata: Sendable, Hashable {
    public var topic: String
    /// From 0; −1 if none was chosen.
    public var partition: Int32
    /// −1 with `acks=0`, and for a duplicate that the broker acknowledged without saying where the record lies.
    public var offset: Int64
    /// Milliseconds since 1970: the broker's time if it appends its own (`LogAppendTime`), else the record's.
    public var timestamp: Int64
    /// Bytes; −1 for null.
    public var serializedKeySize: Int32
    /// Bytes; −1 for null.
    public var serializedValueSize: Int32
    /// Which version chose the partition, where the partitioner is exchanged while records flow (its
    /// `beginRecord`);
    /// −1 where it is not, and where the record named its partition.
    public var generation: Int

    public init(
        topic: String, partition: Int32 = -1, offset: Int64 = -1, timestamp: Int64 = -1,
        serializedKeySize: Int32 = -1, serializedValueSize: Int32 = -1, generation: Int = -1
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.serializedKeySize = serializedKeySize
        self.serializedValueSize = serializedValueSize
        self.generation = generation
    }
}

/// Told once what became of a record: where it lies, or why it failed. Runs on the producer's I/O thread, in order
/// within a partition; on the caller's thread where `send` itself finds the failure. Must not block.
public typealias DeliveryCallback = @Sendable (RecordMetadata, KafkaError?) -> Void

import Synchronization

/// Each record of a topic to the next available partition, whatever its key (Java's RoundRobinPartitioner).
public final class RoundRobinPartitioner: Partitioner {
    private let counters = Mutex<[String: UInt]>([:])

    public init() {}

    public func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) -> Int32? {
        let topic = record.topic
        let turn = counters.withLock { counters in
            let turn = counters[topic, default: 0]
            counters[topic] = turn &+ 1
            return turn
        }
        if partitions.available.isEmpty { return Int32(turn % UInt(partitions.count)) }
        return partitions.available[Int(turn % UInt(partitions.available.count))]
    }
}

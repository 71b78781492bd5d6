/// Each record with a key to any partition that has a leader, and those without to the sticky one (librdkafka's
/// `rd_kafka_msg_partitioner_random`, before which its sticky partitioner takes what has no key).
final class RandomPartitioner: Partitioner {
    private let chance: Chance

    init(chance: Chance) { self.chance = chance }

    func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) -> Int32? {
        if record.key == nil { return nil }
        return partitions.any(by: chance)
    }
}

/// Each key to the partition that a hash gives it, whether that has a leader or not (librdkafka's
/// `rd_kafka_msg_partitioner_consistent`, `_murmur2`, `_fnv1a` and their `_random` forms).
final class HashPartitioner: Partitioner {
    /// The records that are spread over the partitions instead.
    enum Spread: Sendable {
        case none
        case missingKeys
        case missingAndEmptyKeys
    }

    let hash: KeyHash
    let spread: Spread

    init(hash: KeyHash, spread: Spread) {
        self.hash = hash
        self.spread = spread
    }

    /// nil for a record that is spread: the sticky partitioner has it, as in librdkafka, whose
    /// `sticky.partitioning.linger.ms` is above 0 unless it is set.
    func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) -> Int32? {
        switch (spread, record.key?.byteCount) {
        case (.missingKeys, nil), (.missingAndEmptyKeys, nil), (.missingAndEmptyKeys, 0): nil
        default: hash.partition(of: record.key, among: partitions.count)
        }
    }
}

/// When the sticky partitioner goes on, and where it may go (KIP-794).
struct StickyRule {
    private let batchSize: Int
    let partitions: TopicPartitions

    /// - Parameter batchSize: `batch.size`; 0 stands for a new choice with each record.
    init(batchSize: Int, partitions: TopicPartitions) {
        self.batchSize = max(1, batchSize)
        self.partitions = partitions
    }

    /// Whether to leave a partition that has taken `bytes` since it was chosen: after a batch's worth, but not before
    /// the last batch is full or gone, lest batches go out half full; and after two in any case.
    func isDone(bytes: Int, hasIncompleteBatch: Bool) -> Bool {
        bytes >= batchSize && (!hasIncompleteBatch || bytes >= 2 * batchSize)
    }
}

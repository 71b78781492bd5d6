/// How much waits for a partition, as the sender saw it last.
struct PartitionLoad: Sendable, Equatable {
    var partition: Int32
    /// Batches that have not been sent, or are to be sent again.
    var queuedBatches: Int
    /// False without a leader, and where the leader has not taken anything for longer than
    /// `partitioner.availability.timeout.ms`.
    var isAvailable = true
}

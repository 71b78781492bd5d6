import Synchronization

/// Where the records of a topic that have no key go: to one partition until a batch's worth of bytes is there, then
/// to another (KIP-794, Java's BuiltInPartitioner).
struct StickyPartition: ~Copyable, Sendable {
    private let choice = Atomic<Int32>(-1)

    /// The partition in force; −1 before the first choice.
    var current: Int32 { choice.load(ordering: .relaxed) }

    /// The partition to use now.
    func partition(among partitions: TopicPartitions) -> Int32 {
        let partition = current
        if partition >= 0, partition < partitions.count { return partition }
        return switchFrom(partition, among: partitions)
    }

    /// Goes over to another partition, unless somebody else did so since; returns the one in force.
    @discardableResult
    func switchFrom(_ previous: Int32, among partitions: TopicPartitions) -> Int32 {
        let next = Self.choose(among: partitions)
        let (exchanged, actual) = choice.compareExchange(
            expected: previous, desired: next, ordering: .relaxed)
        return exchanged ? next : actual
    }

    private static func choose(among partitions: TopicPartitions) -> Int32 {
        partitions.available.randomElement() ?? Int32.random(in: 0..<partitions.count)
    }

    /// Whether to leave a partition that has taken `bytes` since it was chosen: after a batch's worth if no batch
    /// stands half full, and after two in any case.
    static func shouldSwitch(bytes: Int, batchSize: Int, hasIncompleteBatch: Bool) -> Bool {
        bytes >= batchSize && (!hasIncompleteBatch || bytes >= 2 * batchSize)
    }
}

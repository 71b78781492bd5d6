import Synchronization

/// Where the records of a topic that have no key go: to one partition until a batch's worth of bytes is there, then
/// to another (KIP-794, which makes KIP-480's sticky partitioner uniform; Java's BuiltInPartitioner).
///
/// The partition in force is left under the lock of its queue, which counts its bytes: whoever holds that lock and finds
/// the queue's partition in force can append there without being overtaken.
struct StickyPartition: ~Copyable, Sendable {
    private let choice = Atomic<Int32>(-1)
    private let weights = Mutex<PartitionWeights?>(nil)
    private let chance: Chance

    init(chance: Chance) {
        self.chance = chance
    }

    /// The partition in force; −1 before the first choice.
    var current: Int32 { choice.load(ordering: .relaxed) }

    /// The partition in force, chosen now if it is the first.
    func partition(among partitions: TopicPartitions) -> Int32 {
        let current = current
        if current >= 0 { return current }
        let first = choose(among: partitions)
        let (exchanged, actual) = choice.compareExchange(expected: -1, desired: first, ordering: .relaxed)
        return exchanged ? first : actual
    }

    /// Goes over to another partition, or by chance to the same; returns it. Only under the lock of the queue of the
    /// partition in force.
    func moveOn(among partitions: TopicPartitions) -> Int32 {
        let next = choose(among: partitions)
        choice.store(next, ordering: .relaxed)
        return next
    }

    /// Takes over how likely each partition is to be chosen from now on.
    func publish(_ weights: PartitionWeights?) {
        self.weights.withLock { $0 = weights }
    }

    private func choose(among partitions: TopicPartitions) -> Int32 {
        if let weights = weights.withLock({ $0 }) { return weights[chance.number(below: weights.total)] }
        return partitions.any(by: chance)
    }
}

extension TopicPartitions {
    /// Any partition that has a leader; if there is none, any.
    func any(by chance: Chance) -> Int32 {
        if available.isEmpty { return Int32(chance.number(below: Int(count))) }
        return available[chance.number(below: available.count)]
    }
}

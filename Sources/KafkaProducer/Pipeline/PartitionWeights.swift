/// How likely each partition is to be chosen, so that brokers which do not keep up get less (KIP-794; the load
/// statistics of Java's BuiltInPartitioner).
///
/// A partition weighs one more than the longest queue is longer than its own: queues of 5, 0, 3, 0 and 1 batches weigh
/// 1, 6, 3, 6 and 5.
struct PartitionWeights: Sendable, Equatable {
    private let partitions: [Int32]
    /// Running sums of the weights.
    private let limits: [Int]

    /// nil where each partition that has a leader is to be as likely as the others: with fewer than two partitions,
    /// with equal queues, and when no partition is available.
    /// - Parameter loads: one for each partition of the topic, also for those that are left out.
    init?(_ loads: [PartitionLoad]) {
        // Equal queues still need weights when a partition is left out: by leaders alone it would be chosen.
        let isEven = loads.allSatisfy { $0.isAvailable && $0.queuedBatches == loads[0].queuedBatches }
        if loads.count < 2 || isEven { return nil }
        let available = loads.filter(\.isAvailable)
        guard let longest = available.map(\.queuedBatches).max() else { return nil }
        partitions = available.map(\.partition)
        var sum = 0
        limits = available.map { load in
            sum += longest + 1 - load.queuedBatches
            return sum
        }
    }

    /// The sum of all weights.
    var total: Int { limits.last ?? 0 }

    /// The partition on whose stretch `point` lies.
    /// - Parameter point: from 0 to `total` − 1.
    subscript(point: Int) -> Int32 {
        var range = limits.startIndex..<limits.endIndex - 1
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if point < limits[middle] {
                range = range.lowerBound..<middle
            } else {
                range = middle + 1..<range.upperBound
            }
        }
        return partitions[range.lowerBound]
    }
}

/// The offsets that a consumer group's coordinator keeps for one topic: those of a transaction count from its marker on.
struct StrictGroup {
    /// By producer id and partition.
    private var pending: [Int64: [Int32: Int64]] = [:]
    /// What each transaction committed, in order.
    private(set) var commits: [[Int32: Int64]] = []

    /// Keeps offsets of a transaction that is open.
    mutating func keep(_ offsets: [Int32: Int64], of producer: Int64) {
        pending[producer, default: [:]].merge(offsets) { $1 }
    }

    /// Takes the marker that ends a transaction.
    mutating func end(by producer: Int64, commits isCommitted: Bool) {
        let offsets = pending.removeValue(forKey: producer)
        if isCommitted, let offsets { commits.append(offsets) }
    }

    /// Whether offsets wait for the end of their transaction.
    var hasPending: Bool { !pending.isEmpty }
}

/// How far consumer groups have read, and what open transactions are going to say of it. Pure.
struct GroupOffsets: Equatable {
    /// A place in a partition that a group has stored.
    struct Position: Equatable {
        /// Of the next record to read.
        var offset: Int64
        /// Of the last record read; −1 when it is not known.
        var leaderEpoch: Int32 = -1
        var metadata = ""
    }

    /// Whose position a line of the table is.
    struct Place: Hashable {
        var group: String
        var partition: TopicPartition
    }

    private var committed: [Place: Position] = [:]
    /// By the ids of the producers in whose transactions they are.
    private var pending: [Int64: [Place: Position]] = [:]

    subscript(place: Place) -> Position? { committed[place] }

    /// All that is stored; the positions in open transactions with the ids of their producers.
    var entries: [(place: Place, position: Position, producerId: Int64?)] {
        committed.map { ($0.key, $0.value, nil) }
            + pending.flatMap { producerId, positions in positions.map { ($0.key, $0.value, producerId) } }
    }

    /// The topics for which a group has stored something, with the indexes of their partitions, sorted.
    func topics(of group: String) -> [(String, [Int32])] {
        let partitions = committed.keys.filter { $0.group == group }.map(\.partition)
        return Dictionary(grouping: partitions, by: \.topic)
            .map { ($0.key, $0.value.map(\.index).sorted()) }
            .sorted { $0.0 < $1.0 }
    }

    /// Whether an open transaction may change a position.
    func isPending(_ place: Place) -> Bool { pending.values.contains { $0[place] != nil } }

    /// Stores a position, at the end of a producer's transaction if one is named.
    mutating func store(_ position: Position, at place: Place, producerId: Int64?) {
        if let producerId { pending[producerId, default: [:]][place] = position } else { committed[place] = position }
    }

    /// Ends a producer's transaction.
    mutating func end(producerId: Int64, _ outcome: TransactionMarker.Outcome) {
        guard let ended = pending.removeValue(forKey: producerId), outcome == .commit else { return }
        committed.merge(ended) { _, new in new }
    }
}

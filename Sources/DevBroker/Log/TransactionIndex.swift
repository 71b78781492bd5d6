/// The transactions in one partition: where the open ones begin, and where the aborted ones lie.
struct TransactionIndex {
    /// A transaction whose records are to be passed over.
    struct Aborted: Equatable {
        var producerId: Int64
        var firstOffset: Int64
        /// That of the marker.
        var lastOffset: Int64
    }

    /// Where each producer's open transaction begins.
    private var firstOffsets: [Int64: Int64] = [:]
    /// In the order of their ends.
    private var aborted: [Aborted] = []

    /// Where the first of the open transactions begins; nil if there are none.
    var firstOpenOffset: Int64? { firstOffsets.values.min() }

    func isOpen(_ producerId: Int64) -> Bool { firstOffsets[producerId] != nil }

    /// Notes a transactional batch.
    mutating func appended(producerId: Int64, at offset: Int64) {
        if firstOffsets[producerId] == nil { firstOffsets[producerId] = offset }
    }

    /// Notes a marker. One that ends nothing tells readers nothing.
    mutating func ended(producerId: Int64, _ outcome: TransactionMarker.Outcome, at offset: Int64) {
        guard let first = firstOffsets.removeValue(forKey: producerId), outcome == .abort else { return }
        aborted.append(Aborted(producerId: producerId, firstOffset: first, lastOffset: offset))
    }

    /// The aborted transactions with offsets in the range.
    func aborted(in range: Range<Int64>) -> [Aborted] {
        let first = aborted.partitioningIndex { $0.lastOffset >= range.lowerBound }
        return aborted[first...].filter { $0.firstOffset < range.upperBound }
    }

    /// Forgets what ended before an offset.
    mutating func removeAborted(before offset: Int64) {
        aborted.removeSubrange(..<aborted.partitioningIndex { $0.lastOffset >= offset })
    }
}

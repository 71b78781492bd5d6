/// What a coordinator knows: transactional ids and the offsets of groups, as the lines of its file tell it.
struct CoordinatorState: Equatable {
    private(set) var transactions: [String: Transaction] = [:]
    private(set) var offsets = GroupOffsets()

    mutating func apply(_ line: CoordinatorLine) {
        switch line {
        case .transaction(let id, let transaction): transactions[id] = transaction
        case .offset(let place, let position, let producerId):
            offsets.store(position, at: place, producerId: producerId)
        case .end(let producerId, let outcome): offsets.end(producerId: producerId, outcome)
        }
    }

    /// Lines that tell all of it, and nothing that is over.
    var lines: [CoordinatorLine] {
        transactions.sorted { $0.key < $1.key }.map { .transaction(id: $0.key, $0.value) }
            + offsets.entries.map { .offset($0.place, $0.position, producerId: $0.producerId) }
    }
}

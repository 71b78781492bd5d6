/// A request that a transaction takes.
enum TransactionRequest: Equatable {
    /// Who a request goes to, or is asked for.
    enum Coordinator: Hashable {
        case transaction
        case group(String)
    }

    case findCoordinator(Coordinator)
    case initProducerId
    case addPartitions([PartitionKey])
    case addOffsets(TransactionOffsets)
    case commitOffsets(TransactionOffsets)
    case end(committed: Bool)

    /// Who takes it; nil where any broker does.
    var coordinator: Coordinator? {
        switch self {
        case .findCoordinator: nil
        case .initProducerId, .addPartitions, .addOffsets, .end: .transaction
        case .commitOffsets(let offsets): .group(offsets.group.groupId)
        }
    }
}

extension TransactionRequest: CustomStringConvertible {
    /// As messages name it.
    var description: String {
        switch self {
        case .findCoordinator(.transaction): "FindCoordinator for the transactional id"
        case .findCoordinator(.group(let group)): "FindCoordinator for group '\(group)'"
        case .initProducerId: "InitProducerId"
        case .addPartitions(let partitions): "AddPartitionsToTxn for \(partitions.count) partitions"
        case .addOffsets(let offsets): "AddOffsetsToTxn for group '\(offsets.group.groupId)'"
        case .commitOffsets(let offsets): "TxnOffsetCommit for group '\(offsets.group.groupId)'"
        case .end(let committed): committed ? "EndTxn (commit)" : "EndTxn (abort)"
        }
    }
}

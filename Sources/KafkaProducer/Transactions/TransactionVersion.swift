/// How partitions get into a transaction: the feature `transaction.version` that brokers have agreed on (KIP-890).
enum TransactionVersion: Equatable {
    /// Partitions and groups are added by requests of their own; the epoch stays the same over transactions.
    case explicit
    /// `transaction.version` 2: what is written is added by that; each transaction has an epoch of its own.
    case implicit

    /// - Parameter level: the level of `transaction.version`; 0 where brokers do not know it.
    init(level: Int16) { self = level >= 2 ? .implicit : .explicit }

    var produceVersions: ClosedRange<Int16> { self == .explicit ? 0...11 : 12...Int16.max }
    var endTxnVersions: ClosedRange<Int16> { self == .explicit ? 0...4 : 5...Int16.max }
    var txnOffsetCommitVersions: ClosedRange<Int16> { self == .explicit ? 0...4 : 5...Int16.max }
}

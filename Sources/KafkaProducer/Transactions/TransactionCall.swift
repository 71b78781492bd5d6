/// What a program asks of a transactional producer.
package enum TransactionCall: String, Sendable, CaseIterable {
    case initialize = "initTransactions"
    case begin = "beginTransaction"
    case sendOffsets = "sendOffsetsToTransaction"
    case commit = "commitTransaction"
    case abort = "abortTransaction"

    /// Where the call is allowed.
    var origins: Set<TransactionPhase> {
        switch self {
        case .initialize: [.uninitialized]
        case .begin: [.ready]
        case .sendOffsets, .commit: [.inTransaction]
        case .abort: [.inTransaction, .abortableError]
        }
    }

    /// Whether nothing else may be called before its end has been seen: a call that timed out is to be repeated.
    var isExclusive: Bool { self == .initialize || self == .commit || self == .abort }
}

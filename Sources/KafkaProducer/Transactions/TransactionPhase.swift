/// Where a transactional producer stands (State in Java's TransactionManager).
enum TransactionPhase: String, Sendable, CaseIterable {
    /// `initTransactions` has not been called, or has to be called again.
    case uninitialized
    /// A producer id and epoch are being asked for: the first, or the next ones after an abort.
    case initializing
    case ready
    case inTransaction
    case committing
    case aborting
    /// Something failed: the transaction can only be aborted.
    case abortableError
    /// The producer can only be closed.
    case fatalError

    /// What may follow. A fatal error may follow anything.
    var successors: Set<TransactionPhase> {
        switch self {
        case .uninitialized: [.initializing, .fatalError]
        case .initializing: [.ready, .uninitialized, .abortableError, .fatalError]
        case .ready: [.inTransaction, .fatalError]
        case .inTransaction: [.committing, .aborting, .abortableError, .fatalError]
        // By way of initializing where the next transaction needs an epoch that the coordinator has not given yet.
        case .committing: [.ready, .initializing, .abortableError, .fatalError]
        case .aborting: [.ready, .initializing, .abortableError, .fatalError]
        case .abortableError: [.aborting, .fatalError]
        case .fatalError: []
        }
    }

    /// Whether records are taken.
    var takesRecords: Bool { self == .inTransaction }

    /// Whether the transaction is coming to its end, so that nothing is to linger.
    var isCompleting: Bool { self == .committing || self == .aborting }

    /// Whether what has not been sent yet will never be.
    var isDoomed: Bool { self == .aborting || self == .abortableError }
}

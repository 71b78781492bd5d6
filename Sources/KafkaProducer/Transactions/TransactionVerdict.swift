import KafkaWire

/// What an answer of a coordinator means for the transaction (KIP-1050; the handlers of Java's TransactionManager).
enum TransactionVerdict: Equatable {
    case done
    /// Ask again after a pause.
    case retry
    /// Ask again, after the coordinator has been found anew.
    case findCoordinator
    /// The transaction has to be aborted.
    case abort
    /// The transaction has to be aborted, and the next one needs a new epoch; fatal where the coordinator gives none.
    case recover
    /// The producer has to be closed.
    case fatal

    static func of(_ code: ErrorCode, to request: TransactionRequest) -> TransactionVerdict {
        let table = table(for: request)
        if let verdict = table.rows[code] ?? common[code] { return verdict }
        return code.isRetriable ? .retry : table.otherwise
    }

    /// What counts for an answer that has a code for each partition: the worst.
    static func worst(of codes: some Sequence<ErrorCode>, to request: TransactionRequest) -> ErrorCode {
        let failures = codes.filter { $0 != .none }
        // Those that were not attempted say nothing of why.
        let causes = failures.filter { $0 != .operationNotAttempted }
        return (causes.isEmpty ? failures : causes).max { severity($0, request) < severity($1, request) } ?? .none
    }

    private static func severity(_ code: ErrorCode, _ request: TransactionRequest) -> Int {
        switch of(code, to: request) {
        case .done: 0
        case .retry: 1
        case .findCoordinator: 2
        case .abort: 3
        case .recover: 4
        case .fatal: 5
        }
    }

    // MARK: - The tables

    private struct Table {
        var rows: [ErrorCode: TransactionVerdict]
        /// Of a code that is in no table and not retriable.
        var otherwise = TransactionVerdict.fatal
    }

    private static let common: [ErrorCode: TransactionVerdict] = [
        .none: .done,
        .coordinatorNotAvailable: .findCoordinator,
        .notCoordinator: .findCoordinator,
        .transactionAbortable: .abort,
        .producerFenced: .fatal,
        .invalidProducerEpoch: .fatal,
        .transactionalIdAuthorizationFailed: .fatal,
        .clusterAuthorizationFailed: .fatal,
        .invalidTxnState: .fatal,
        .unsupportedVersion: .fatal,
    ]

    private static func table(for request: TransactionRequest) -> Table {
        switch request {
        case .findCoordinator: search
        case .initProducerId: Table(rows: [:])
        case .addPartitions: addPartitions
        case .addOffsets: addOffsets
        case .commitOffsets: commitOffsets
        case .end: end
        }
    }

    private static let search = Table(rows: [
        .coordinatorNotAvailable: .retry,
        .notCoordinator: .retry,
        .groupAuthorizationFailed: .abort,
    ])

    private static let addPartitions = Table(
        rows: [
            .unknownProducerId: .recover,
            .invalidProducerIdMapping: .recover,
            .topicAuthorizationFailed: .abort,
            .operationNotAttempted: .abort,
        ], otherwise: .abort)

    private static let addOffsets = Table(rows: [
        .unknownProducerId: .recover,
        .invalidProducerIdMapping: .recover,
        .groupAuthorizationFailed: .abort,
    ])

    private static let commitOffsets = Table(rows: [
        .requestTimedOut: .findCoordinator,
        .groupAuthorizationFailed: .abort,
        .fencedInstanceId: .abort,
        // The consumer has lost its place in the group: what it read belongs to another.
        .unknownMemberId: .abort,
        .illegalGeneration: .abort,
        .staleMemberEpoch: .abort,
        .fencedMemberEpoch: .abort,
    ])

    private static let end = Table(rows: [
        .unknownProducerId: .recover,
        .invalidProducerIdMapping: .recover,
    ])
}

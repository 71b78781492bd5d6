import KafkaWire

/// What came of a request of a transaction.
enum TransactionAnswer: Equatable {
    /// A coordinator is this node.
    case found(Int32)
    case identified(ProducerIdentity)
    /// What was to be added is part of the transaction.
    case added
    /// The transaction has ended. The identity is what the next one writes with, where the coordinator says so (KIP-890).
    case ended(ProducerIdentity?)
    case refused(ErrorCode)
    /// Nothing is known: the connection was lost.
    case lost
}

/// How long to wait before the next request of a transaction.
enum TransactionPause: Equatable {
    case none
    /// The transaction before is about to end: 20 ms, as Java waits.
    case short
    /// `retry.backoff.ms`, longer with each failure.
    case backoff
}

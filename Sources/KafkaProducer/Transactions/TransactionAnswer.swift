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

extension KafkaError {
    /// The error of a call that is not allowed where the producer stands.
    static func illegalCall(_ call: TransactionCall, _ reason: String) -> KafkaError {
        KafkaError(.illegalState, "\(call.rawValue): \(reason)")
    }

    /// The same error, as one that ends the transaction.
    var abortingTransaction: KafkaError {
        marked(isFatal: false, isAbortable: true, message: "\(message): abort the transaction")
    }

    /// The same error, as one that ends the producer.
    var endingProducer: KafkaError {
        marked(isFatal: true, isAbortable: false, message: "\(message): close the producer")
    }

    /// Whether nothing can come after a batch that failed so (Java's maybeTransitionToErrorState).
    var endsTransactionalProducer: Bool { isFatal || kind == .unsupportedVersion || code == .unsupportedVersion }
}

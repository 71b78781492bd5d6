extension ConfigurationKey {
    static let transactions = section(
        .transactions,
        [
            ConfigurationKey(
                "transactional.id", \.transactionalId, .optional(.text(upTo: Int(Int16.max))),
                "Names this producer's transactions, and fences an older producer of the same name."),
            ConfigurationKey(
                "transaction.timeout.ms", \.transactionTimeout, .milliseconds(from: 1),
                "After how long without an end a transaction is aborted by its coordinator."),
        ])
}

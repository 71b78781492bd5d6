extension DevBrokerConfiguration {
    /// A year: nobody notices that it is not for ever.
    private static let maxSessionLifetimeMs: Int64 = 365 * 86_400_000

    /// Looks whether the values can be.
    /// - Throws: `DevBrokerError` that names the first that cannot.
    func validate() throws(DevBrokerError) {
        let checks: [(holds: Bool, rule: String)] = [
            ((1...1000).contains(nodes), "nodes is 1 to 1000, not \(nodes)"),
            (tls?.canAuthenticate ?? true, "clients can show certificates only to one who has a clientCAFile"),
            (!host.isEmpty, "host must not be empty"),
            (sasl?.mechanisms.isEmpty != true, "clients cannot log in without a mechanism"),
            (sasl?.users[""] == nil, "a user's name must not be empty"),
            (sasl?.users.values.contains("") != true, "a user's password must not be empty"),
            (
                (0...Self.maxSessionLifetimeMs).contains(sasl?.sessionLifetimeMs ?? 0),
                "sessionLifetimeMs is 0 to \(Self.maxSessionLifetimeMs)"
            ),
            ((0...65_536 - max(nodes, 1)).contains(port), "port is 0 to 65535 for the last node too, not \(port)"),
            (
                (1...TopicCatalog.maxPartitions).contains(partitionsPerTopic),
                "partitionsPerTopic is 1 to \(TopicCatalog.maxPartitions), not \(partitionsPerTopic)"
            ),
            (dataDirectory == nil || !discard, "a broker that discards records has no use for a data folder"),
            (dataDirectory != "", "the data folder's name must not be empty"),
            (retentionBytes ?? 0 >= 0, "retentionBytes must not be negative"),
            (maxMessageBytes > 0, "maxMessageBytes is 1 or more, not \(maxMessageBytes)"),
            ((0...2).contains(transactionVersion), "transactionVersion is 0 to 2, not \(transactionVersion)"),
            (maxTransactionTimeoutMs > 0, "maxTransactionTimeoutMs is 1 or more, not \(maxTransactionTimeoutMs)"),
            (eventLoopThreads > 0, "eventLoopThreads is 1 or more, not \(eventLoopThreads)"),
        ]
        if let broken = checks.first(where: { !$0.holds }) { throw DevBrokerError(broken.rule) }
    }
}

public import Logging

extension ProducerConfiguration {
    static let defaultDeliveryTimeout = Duration.seconds(120)

    /// How many requests may be in flight on a connection when retries must not reorder batches (KIP-98).
    static let maxInFlightWithIdempotence = 5

    /// Checks each key, wherever it was set, then the keys against one another, and fills in what follows from them.
    /// A producer does the same when it is made.
    /// - Parameter logger: is warned of what is changed, and of keys that have no effect.
    /// - Throws: `KafkaError` of kind `configuration`, which names the keys and the way out.
    public func validated(logger: Logger) throws(KafkaError) -> ProducerConfiguration {
        for remark in remarks { logger.warning("\(remark)") }
        if bootstrapServers.isEmpty {
            throw KafkaError(.configuration, "bootstrap.servers is required: name a broker as host:port")
        }
        for key in ConfigurationKey.all { try key.check(self) }
        var result = self
        for rule in ConfigurationRule.all {
            do {
                try rule.apply(&result) { logger.warning("\($0)") }
            } catch {
                throw KafkaError(.configuration, error.text)
            }
        }
        return result
    }
}

import Logging

extension ProducerConfiguration {
    static let defaultDeliveryTimeout = Duration.seconds(120)

    /// How many requests may be in flight on a connection when retries must not reorder batches (KIP-98).
    static let maxInFlightWithIdempotence = 5

    /// Checks the keys against one another and fills in what follows from them.
    /// - Throws: `KafkaError` of kind `configuration`, which names the keys and the way out.
    func validated(logger: Logger) throws(KafkaError) -> ProducerConfiguration {
        var result = self
        if bootstrapServers.isEmpty {
            throw KafkaError(.configuration, "bootstrap.servers is required: name a broker as host:port")
        }
        if clientId.utf8.count > Int(Int16.max) {
            throw KafkaError(.configuration, "client.id has \(clientId.utf8.count) bytes, at most \(Int16.max) go")
        }
        if batchSize > bufferMemory {
            throw KafkaError(
                .configuration, "buffer.memory=\(bufferMemory) must be at least batch.size=\(batchSize)")
        }
        try result.settleDeliveryTimeout(logger)
        try result.settleIdempotence(logger)
        return result
    }

    private mutating func settleDeliveryTimeout(_ logger: Logger) throws(KafkaError) {
        let least = linger + requestTimeout
        if let deliveryTimeout {
            guard deliveryTimeout >= least else {
                throw KafkaError(
                    .configuration,
                    "delivery.timeout.ms=\(deliveryTimeout.milliseconds) must be at least linger.ms + request.timeout.ms "
                        + "= \(least.milliseconds)")
            }
        } else {
            if Self.defaultDeliveryTimeout < least {
                logger.warning("delivery.timeout.ms raised to linger.ms + request.timeout.ms = \(least.milliseconds)")
            }
            deliveryTimeout = max(Self.defaultDeliveryTimeout, least)
        }
    }

    private mutating func settleIdempotence(_ logger: Logger) throws(KafkaError) {
        let wanted = enableIdempotence
        guard wanted != false else { return }
        let obstacle: String? =
            if acks != .all { "acks=all" } else if retries == 0 { "retries above 0" } else { nil }
        if let obstacle {
            if wanted == true {
                throw KafkaError(.configuration, "enable.idempotence=true needs \(obstacle)")
            }
            logger.warning("enable.idempotence is off, since it needs \(obstacle)")
            enableIdempotence = false
            return
        }
        guard maxInFlightRequestsPerConnection <= Self.maxInFlightWithIdempotence else {
            throw KafkaError(
                .configuration,
                "max.in.flight.requests.per.connection=\(maxInFlightRequestsPerConnection) must be at most "
                    + "\(Self.maxInFlightWithIdempotence) with idempotence; lower it, or set enable.idempotence=false")
        }
        enableIdempotence = true
    }
}

extension ConfigurationRule {
    static let core = [
        ConfigurationRule(
            "buffer.memory is at least batch.size.", ["buffer.memory", "batch.size"]
        ) { (configuration, _) throws(ConfigurationReason) in
            let (memory, batch) = (configuration.bufferMemory, configuration.batchSize)
            if batch > memory {
                throw ConfigurationReason(text: "buffer.memory=\(memory) must be at least batch.size=\(batch)")
            }
        },
        ConfigurationRule(
            "delivery.timeout.ms is at least linger.ms + request.timeout.ms; left out, it is raised to that.",
            ["delivery.timeout.ms", "linger.ms", "request.timeout.ms"], settleDeliveryTimeout),
        ConfigurationRule(
            "Idempotence needs acks=all and retries; where it was not asked for, it is off without them.",
            ["enable.idempotence", "acks", "retries"], settleIdempotence),
        ConfigurationRule(
            "With idempotence at most 5 requests may be in flight.",
            ["max.in.flight.requests.per.connection", "enable.idempotence"]
        ) { (configuration, _) throws(ConfigurationReason) in
            let (count, most) = (
                configuration.maxInFlightRequestsPerConnection, ProducerConfiguration.maxInFlightWithIdempotence
            )
            guard configuration.enableIdempotence == true, count > most else { return }
            throw ConfigurationReason(
                text: "max.in.flight.requests.per.connection=\(count) must be at most \(most) with idempotence; "
                    + "lower it, or set enable.idempotence=false")
        },
        ConfigurationRule(
            "Transactions need idempotence.", ["transactional.id", "enable.idempotence"]
        ) { (configuration, _) throws(ConfigurationReason) in
            guard configuration.transactionalId != nil, configuration.enableIdempotence == false else { return }
            throw ConfigurationReason(
                text: "transactional.id needs idempotence: leave out enable.idempotence=false, acks and retries, "
                    + "or leave out transactional.id")
        },
    ]

    private static let settleDeliveryTimeout: Apply = { (configuration, warn) throws(ConfigurationReason) in
        let least = configuration.linger + configuration.requestTimeout
        guard let given = configuration.deliveryTimeout else {
            let usual = ProducerConfiguration.defaultDeliveryTimeout
            if usual < least {
                warn("delivery.timeout.ms raised to linger.ms + request.timeout.ms = \(least.milliseconds)")
            }
            configuration.deliveryTimeout = max(usual, least)
            return
        }
        if given < least {
            throw ConfigurationReason(
                text: "delivery.timeout.ms=\(given.milliseconds) must be at least linger.ms + request.timeout.ms "
                    + "= \(least.milliseconds)")
        }
    }

    private static let settleIdempotence: Apply = { (configuration, warn) throws(ConfigurationReason) in
        let obstacle: String? =
            if configuration.acks != .all { "acks=all" } else if configuration.retries == 0 {
                "retries above 0"
            } else { nil }
        guard let obstacle, configuration.enableIdempotence != false else {
            configuration.enableIdempotence = configuration.enableIdempotence ?? true
            return
        }
        if configuration.enableIdempotence == true {
            throw ConfigurationReason(text: "enable.idempotence=true needs \(obstacle)")
        }
        warn("enable.idempotence is off, since it needs \(obstacle)")
        configuration.enableIdempotence = false
    }
}

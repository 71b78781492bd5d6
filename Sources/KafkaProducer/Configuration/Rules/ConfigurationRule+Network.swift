extension ConfigurationRule {
    static let network = [
        ConfigurationRule(
            "retry.backoff.ms above retry.backoff.max.ms makes every pause retry.backoff.max.ms long.",
            ["retry.backoff.ms", "retry.backoff.max.ms"]
        ) { (configuration, warn) throws(ConfigurationReason) in
            guard configuration.retryBackoff > configuration.retryBackoffMax else { return }
            configuration.retryBackoff = configuration.retryBackoffMax
            warn("retry.backoff.ms lowered to retry.backoff.max.ms = \(configuration.retryBackoffMax.milliseconds)")
        },
        // Somebody who asks for a longer pause alone gets it, as from Java's client, and no shorter one.
        ConfigurationRule(
            "reconnect.backoff.ms above reconnect.backoff.max.ms makes every pause reconnect.backoff.ms long.",
            ["reconnect.backoff.ms", "reconnect.backoff.max.ms"]
        ) { (configuration, warn) throws(ConfigurationReason) in
            guard configuration.reconnectBackoff > configuration.reconnectBackoffMax else { return }
            configuration.reconnectBackoffMax = configuration.reconnectBackoff
            warn(
                "reconnect.backoff.max.ms raised to reconnect.backoff.ms "
                    + "= \(configuration.reconnectBackoff.milliseconds)")
        },
        ConfigurationRule(
            "socket.connection.setup.timeout.ms is at most socket.connection.setup.timeout.max.ms.",
            ["socket.connection.setup.timeout.ms", "socket.connection.setup.timeout.max.ms"]
        ) { (configuration, warn) throws(ConfigurationReason) in
            guard configuration.connectionSetupTimeout > configuration.connectionSetupTimeoutMax else { return }
            configuration.connectionSetupTimeout = configuration.connectionSetupTimeoutMax
            warn(
                "socket.connection.setup.timeout.ms lowered to socket.connection.setup.timeout.max.ms "
                    + "= \(configuration.connectionSetupTimeoutMax.milliseconds)")
        },
    ]
}

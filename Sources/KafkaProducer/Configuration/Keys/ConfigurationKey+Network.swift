extension ConfigurationKey {
    static let network = section(
        .network,
        [
            ConfigurationKey(
                "client.dns.lookup", \.clientDNSLookup, .oneOfItsNames, "Which addresses of a broker's name are tried."),
            ConfigurationKey(
                "send.buffer.bytes", \.sendBufferBytes, .int(from: -1),
                "The socket's send buffer; -1 leaves it to the system."),
            ConfigurationKey(
                "receive.buffer.bytes", \.receiveBufferBytes, .int(from: -1),
                "The socket's receive buffer; -1 leaves it to the system."),
            ConfigurationKey(
                "reconnect.backoff.ms", \.reconnectBackoff, .longMilliseconds(),
                "The first pause before a broker is called again."),
            ConfigurationKey(
                "reconnect.backoff.max.ms", \.reconnectBackoffMax, .longMilliseconds(), "The longest such pause."),
            ConfigurationKey(
                "retry.backoff.ms", \.retryBackoff, .longMilliseconds(),
                "The first pause before a request is repeated."),
            ConfigurationKey(
                "retry.backoff.max.ms", \.retryBackoffMax, .longMilliseconds(), "The longest such pause."),
            ConfigurationKey(
                "socket.connection.setup.timeout.ms", \.connectionSetupTimeout, .longMilliseconds(from: 1),
                "How long the first attempt to connect may take."),
            ConfigurationKey(
                "socket.connection.setup.timeout.max.ms", \.connectionSetupTimeoutMax, .longMilliseconds(from: 1),
                "How long any attempt to connect may take."),
            ConfigurationKey(
                "connections.max.idle.ms", \.connectionsMaxIdle, .longMilliseconds(isEndless: true),
                "After how long an unused connection is closed."),
            ConfigurationKey(
                "metadata.max.age.ms", \.metadataMaxAge, .longMilliseconds(),
                "After how long metadata is asked for anew."),
            ConfigurationKey(
                "metadata.max.idle.ms", \.metadataMaxIdle, .longMilliseconds(from: 5000),
                "After how long the metadata of an unused topic is forgotten."),
            ConfigurationKey(
                "metadata.recovery.strategy", \.metadataRecoveryStrategy, .oneOfItsNames,
                "What to do when no known broker can be reached."),
            ConfigurationKey(
                "metadata.recovery.rebootstrap.trigger.ms", \.metadataRecoveryRebootstrapTrigger, .longMilliseconds(),
                "How long metadata may be out of reach before bootstrap.servers are asked anew."),
        ])
}

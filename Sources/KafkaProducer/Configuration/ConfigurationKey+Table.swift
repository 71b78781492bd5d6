import KafkaWire

extension ConfigurationKey {
    /// Every key, in the order in which `kafka-lua config` prints them.
    public static let all: [ConfigurationKey] = core + network

    private static let core: [ConfigurationKey] = [
        .custom(
            "bootstrap.servers", .core, \.bootstrapServers, type: "list of host:port",
            "The brokers that are asked first for the rest of the cluster.",
            write: { $0.map(\.description).joined(separator: ",") }, read: addresses),
        .custom(
            "key.serializer", .core, \.keySerializer, type: "serializer",
            "How keys become bytes, where a host chooses it at run time.", write: { $0 ?? "" }, read: { $0 }),
        .custom(
            "value.serializer", .core, \.valueSerializer, type: "serializer",
            "How values become bytes, where a host chooses it at run time.", write: { $0 ?? "" }, read: { $0 }),
        .text("client.id", .core, \.clientId, "Names this producer in the brokers' logs, metrics and quotas."),
        .choice(
            "acks", .core, \.acks, [("all", .all), ("0", .none), ("1", .leader)], aliases: ["-1": .all],
            "How many replicas must have a batch before it counts as sent."),
        .custom(
            "enable.idempotence", .core, \.enableIdempotence, type: "boolean", choices: ["true", "false"],
            "Whether retries can neither duplicate nor reorder records.",
            write: { String($0 ?? true) }, read: { (text) throws(ConfigurationReason) in try bool(text) }),
        .int(
            "max.in.flight.requests.per.connection", .core, \.maxInFlightRequestsPerConnection, 1...Int(Int32.max),
            "Requests that may wait for an answer on one connection; at most 5 with idempotence."),
        .int(
            "retries", .core, \.retries, 0...Int(Int32.max),
            "How often a failed batch is sent again, within delivery.timeout.ms."),
        .custom(
            "delivery.timeout.ms", .core, \.deliveryTimeout, type: "int (ms)",
            "How long a batch may take from its creation to its acknowledgement, retries included.",
            write: { String(($0 ?? ProducerConfiguration.defaultDeliveryTimeout).milliseconds) },
            read: { (text) throws(ConfigurationReason) in .milliseconds(try integer(text, in: 0...Int(Int32.max))) }),
        .milliseconds("request.timeout.ms", .core, \.requestTimeout, "How long an answer may take."),
        .milliseconds("linger.ms", .core, \.linger, "How long a batch waits for more records."),
        .int(
            "batch.size", .core, \.batchSize, 0...Int(Int32.max) / 2,
            "The size of a batch in bytes; 0 sends each record alone."),
        .int(
            "buffer.memory", .core, \.bufferMemory, 0...Int(Int64.max),
            "Bytes for records that have not been acknowledged; send waits when they are used up."),
        .milliseconds("max.block.ms", .core, \.maxBlock, "How long send may wait for metadata and memory."),
        .int(
            "max.request.size", .core, \.maxRequestSize, 0...Int(Int32.max),
            "The size of a request, and so of a record, in bytes."),
        .choice(
            "compression.type", .core, \.compression.type, Compression.allCases.map { ($0.name, $0) },
            "How batches are compressed."),
        .custom(
            "compression.gzip.level", .core, \.compression.gzipLevel, type: "int", "1 to 9, or -1 for zlib's default.",
            write: { String($0) },
            read: { (text) throws(ConfigurationReason) in
                let level = try integer(text, in: -1...9)
                if level == 0 { throw ConfigurationReason(text: "must be between 1 and 9, or -1") }
                return level
            }),
        .int("compression.lz4.level", .core, \.compression.lz4Level, 1...17, "1 to 17."),
        .int("compression.zstd.level", .core, \.compression.zstdLevel, -131_072...22, "-131072 to 22."),
        .custom(
            "partitioner.class", .core, \.partitioner, type: "partitioner",
            choices: PartitionerChoice.named.map(\.name),
            "Which partition a record goes to, when it names none.",
            write: { $0.name }, read: { (text) throws(ConfigurationReason) in try PartitionerChoice(named: text) }),
        .boolean(
            "partitioner.adaptive.partitioning.enable", .core, \.adaptivePartitioning,
            "Whether records without a key go rather to brokers that keep up."),
        .milliseconds(
            "partitioner.availability.timeout.ms", .core, \.partitionerAvailabilityTimeout,
            "After how long without progress a broker's partitions get no records without a key; 0 for never."),
        .boolean(
            "partitioner.ignore.keys", .core, \.partitionerIgnoreKeys,
            "Whether keys are left out of the choice of the partition."),
        .custom(
            "interceptor.classes", .core, \.interceptorClasses, type: "list of interceptors",
            "What sees each record before it is serialized and after it is acknowledged.",
            write: { $0.joined(separator: ",") }, read: { commaSeparated($0) }),
    ]

    private static let network: [ConfigurationKey] = [
        .int(
            "send.buffer.bytes", .network, \.sendBufferBytes, -1...Int(Int32.max),
            "The socket's send buffer; -1 leaves it to the system."),
        .int(
            "receive.buffer.bytes", .network, \.receiveBufferBytes, -1...Int(Int32.max),
            "The socket's receive buffer; -1 leaves it to the system."),
        .milliseconds(
            "reconnect.backoff.ms", .network, \.reconnectBackoff, "The first pause before a broker is called again."),
        .milliseconds("reconnect.backoff.max.ms", .network, \.reconnectBackoffMax, "The longest such pause."),
        .milliseconds("retry.backoff.ms", .network, \.retryBackoff, "The first pause before a request is repeated."),
        .milliseconds("retry.backoff.max.ms", .network, \.retryBackoffMax, "The longest such pause."),
        .milliseconds(
            "socket.connection.setup.timeout.ms", .network, \.connectionSetupTimeout, from: 1,
            "How long the first attempt to connect may take."),
        .milliseconds(
            "socket.connection.setup.timeout.max.ms", .network, \.connectionSetupTimeoutMax, from: 1,
            "How long any attempt to connect may take."),
        .milliseconds(
            "connections.max.idle.ms", .network, \.connectionsMaxIdle, "After how long an unused connection is closed."),
        .milliseconds("metadata.max.age.ms", .network, \.metadataMaxAge, "After how long metadata is asked for anew."),
        .milliseconds(
            "metadata.max.idle.ms", .network, \.metadataMaxIdle, from: 5000,
            "After how long the metadata of an unused topic is forgotten."),
        .choice(
            "client.dns.lookup", .network, \.clientDNSLookup, ClientDNSLookup.allCases.map { ($0.rawValue, $0) },
            "Which addresses of a broker's name are tried."),
        .choice(
            "metadata.recovery.strategy", .network, \.metadataRecoveryStrategy,
            MetadataRecoveryStrategy.allCases.map { ($0.rawValue, $0) },
            "What to do when no known broker can be reached."),
        .milliseconds(
            "metadata.recovery.rebootstrap.trigger.ms", .network, \.metadataRecoveryRebootstrapTrigger,
            "How long metadata may be out of reach before bootstrap.servers are asked anew."),
    ]

    private static func commaSeparated(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingSpaces() }.filter { !$0.isEmpty }
    }

    private static func addresses(_ text: String) throws(ConfigurationReason) -> [BrokerAddress] {
        var addresses: [BrokerAddress] = []
        for part in commaSeparated(text) {
            guard let address = BrokerAddress(part) else {
                throw ConfigurationReason(text: "'\(part)' is not host:port")
            }
            addresses.append(address)
        }
        guard !addresses.isEmpty else { throw ConfigurationReason(text: "must name at least one host:port") }
        return addresses
    }
}

extension Substring {
    func trimmingSpaces() -> String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}

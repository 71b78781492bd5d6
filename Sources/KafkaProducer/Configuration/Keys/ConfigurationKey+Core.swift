import KafkaWire

extension ConfigurationKey {
    static let core = section(
        .core,
        [
            ConfigurationKey(
                "bootstrap.servers", \.bootstrapServers, .addresses,
                "The brokers that are asked first for the rest of the cluster."),
            ConfigurationKey(
                "key.serializer", \.keySerializer, .optional(.serializer),
                "How keys become bytes, where a host chooses it at run time."),
            ConfigurationKey(
                "value.serializer", \.valueSerializer, .optional(.serializer),
                "How values become bytes, where a host chooses it at run time."),
            ConfigurationKey(
                "client.id", \.clientId, .text(upTo: Int(Int16.max)),
                "Names this producer in the brokers' logs, metrics and quotas."),
            ConfigurationKey(
                "acks", \.acks, .oneOf([("all", .all), ("0", .none), ("1", .leader)], aliases: [("-1", .all)]),
                "How many replicas must have a batch before it counts as sent."),
            ConfigurationKey(
                "enable.idempotence", \.enableIdempotence, .automatic(.boolean, usually: true),
                "Whether retries can neither duplicate nor reorder records."),
            ConfigurationKey(
                "max.in.flight.requests.per.connection", \.maxInFlightRequestsPerConnection, .int(from: 1),
                "Requests that may wait for an answer on one connection; at most 5 with idempotence."),
            ConfigurationKey(
                "retries", \.retries, .int(from: 0),
                "How often a failed batch is sent again, within delivery.timeout.ms."),
            ConfigurationKey(
                "delivery.timeout.ms", \.deliveryTimeout,
                .automatic(.milliseconds(), usually: ProducerConfiguration.defaultDeliveryTimeout),
                "How long a batch may take from its creation to its acknowledgement, retries included."),
            ConfigurationKey(
                "request.timeout.ms", \.requestTimeout, .milliseconds(), "How long an answer may take."),
            ConfigurationKey(
                "linger.ms", \.linger, .longMilliseconds(), "How long a batch waits for more records."),
            ConfigurationKey(
                "batch.size", \.batchSize, .int(0...Int(Int32.max) / 2),
                "The size of a batch in bytes; 0 sends each record alone."),
            ConfigurationKey(
                "buffer.memory", \.bufferMemory, .int(0...Int(Int64.max)),
                "Bytes for records that have not been acknowledged; send waits when they are used up."),
            ConfigurationKey(
                "max.block.ms", \.maxBlock, .longMilliseconds(), "How long send may wait for metadata and memory."),
            ConfigurationKey(
                "max.request.size", \.maxRequestSize, .int(from: 0),
                "The size of a request, and so of a record, in bytes."),
        ] + compression + pipeline)

    private static let compression = [
        ConfigurationKey(
            "compression.type", \.compression.type, .oneOf(Compression.allCases.map { ($0.name, $0) }),
            "How batches are compressed."),
        ConfigurationKey(
            "compression.gzip.level", \.compression.gzipLevel, .gzipLevel,
            "How hard gzip works, from 1 (fast) to 9 (small); -1 is zlib's own choice."),
        ConfigurationKey(
            "compression.lz4.level", \.compression.lz4Level, .int(1...17),
            "How hard lz4 works, from 1 (fast) to 17 (small)."),
        ConfigurationKey(
            "compression.zstd.level", \.compression.zstdLevel, .int(-131_072...22),
            "How hard zstd works, from -131072 (fast) to 22 (small)."),
    ]

    private static let pipeline = [
        ConfigurationKey(
            "partitioner.class", \.partitioner, .partitioner,
            "Which partition a record goes to, when it names none."),
        ConfigurationKey(
            "partitioner.adaptive.partitioning.enable", \.adaptivePartitioning, .boolean,
            "Whether records without a key go rather to brokers that keep up."),
        ConfigurationKey(
            "partitioner.availability.timeout.ms", \.partitionerAvailabilityTimeout, .longMilliseconds(),
            "After how long without progress a broker's partitions get no records without a key; 0 for never."),
        ConfigurationKey(
            "partitioner.ignore.keys", \.partitionerIgnoreKeys, .boolean,
            "Whether keys are left out of the choice of the partition."),
        ConfigurationKey(
            "interceptor.classes", \.interceptorClasses, .list(of: .text()),
            "What sees each record before it is serialized and after it is acknowledged."),
    ]
}

// MARK: - Types that one or two keys have

extension ConfigurationType where Value == [BrokerAddress] {
    fileprivate static var addresses: ConfigurationType {
        ConfigurationType(
            "list", validValues: "host:port, several separated by commas",
            read: { (text) throws(ConfigurationReason) in
                var addresses: [BrokerAddress] = []
                // A comma too many is common here, and Java passes over it.
                for part in ConfigurationText.items(text) where !part.isEmpty {
                    guard let address = BrokerAddress(part) else {
                        throw ConfigurationReason(text: "'\(ConfigurationText.shown(part))' is not host:port")
                    }
                    addresses.append(address)
                }
                if addresses.isEmpty { throw ConfigurationReason(text: "must name at least one host:port") }
                return addresses
            },
            write: { $0.map(\.description).joined(separator: ",") })
    }
}

extension ConfigurationType where Value == NamedSerializer {
    fileprivate static var serializer: ConfigurationType {
        ConfigurationType(
            "class", choices: NamedSerializer.names,
            read: { (text) throws(ConfigurationReason) in try NamedSerializer(reading: text) }, write: { $0.name })
    }
}

extension ConfigurationType where Value == PartitionerChoice {
    fileprivate static var partitioner: ConfigurationType {
        ConfigurationType(
            "class", choices: PartitionerChoice.named.map(\.name),
            read: { (text) throws(ConfigurationReason) in try PartitionerChoice(named: text) }, write: { $0.name })
    }
}

extension ConfigurationType where Value == Int {
    fileprivate static var gzipLevel: ConfigurationType {
        let level = int(-1...9)
        return ConfigurationType(
            level.name, validValues: "1 to 9, or -1", read: level.read, write: level.write,
            check: { (value) throws(ConfigurationReason) in
                if value == 0 || !(-1...9).contains(value) {
                    throw ConfigurationReason(text: "must be between 1 and 9, or -1")
                }
            })
    }
}

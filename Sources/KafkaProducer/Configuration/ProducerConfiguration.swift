public import KafkaWire

/// Everything that can be set on a producer. Each field is a key of Kafka's; `ConfigurationKey.all` has the table.
public struct ProducerConfiguration: Sendable {
    /// How many acknowledgements a batch needs (`acks`).
    public enum Acks: Int16, Sendable, CaseIterable {
        /// Nothing is waited for: offsets are unknown, losses go unnoticed.
        case none = 0
        /// The partition's leader has it.
        case leader = 1
        /// All replicas in sync have it.
        case all = -1
    }

    // MARK: Core
    public var bootstrapServers: [BrokerAddress] = []
    public var clientId = ""
    public var acks = Acks.all
    /// Each record is stored once and in order, whatever is retried. nil: on where `acks`, `retries` and
    /// `maxInFlightRequestsPerConnection` allow it.
    public var enableIdempotence: Bool?
    public var maxInFlightRequestsPerConnection = 5
    public var retries = Int(Int32.max)
    /// From the creation of a batch to its success or failure, retries included.
    public var deliveryTimeout: Duration?
    public var requestTimeout = Duration.seconds(30)
    /// How long a batch waits for more records.
    public var linger = Duration.milliseconds(5)
    /// Bytes.
    public var batchSize = 16384
    /// Bytes of all records that have not been acknowledged.
    public var bufferMemory = 33_554_432
    /// How long `send` may wait for metadata and memory.
    public var maxBlock = Duration.seconds(60)
    /// Bytes.
    public var maxRequestSize = 1_048_576
    public var compression = CompressionSettings()
    public var partitioner = PartitionerChoice.default
    public var partitionerIgnoreKeys = false
    public var adaptivePartitioning = true
    public var partitionerAvailabilityTimeout = Duration.zero
    /// Names of serializers, for hosts that choose them at run time; `Producer` takes them as arguments.
    public var keySerializer: String?
    public var valueSerializer: String?
    /// Names of interceptors, for hosts that load them at run time; `Producer` takes them as arguments.
    public var interceptorClasses: [String] = []

    // MARK: Network
    public var sendBufferBytes = 131_072
    public var receiveBufferBytes = 32_768
    public var reconnectBackoff = Duration.milliseconds(50)
    public var reconnectBackoffMax = Duration.milliseconds(1000)
    public var retryBackoff = Duration.milliseconds(100)
    public var retryBackoffMax = Duration.milliseconds(1000)
    public var connectionSetupTimeout = Duration.seconds(10)
    public var connectionSetupTimeoutMax = Duration.seconds(30)
    public var connectionsMaxIdle = Duration.seconds(540)
    public var metadataMaxAge = Duration.seconds(300)
    public var metadataMaxIdle = Duration.seconds(300)
    /// Which of the addresses of a broker's name are tried.
    public var clientDNSLookup = ClientDNSLookup.useAllDNSIPs
    /// What to do when no known broker can be reached.
    public var metadataRecoveryStrategy = MetadataRecoveryStrategy.rebootstrap
    /// How long metadata may be out of reach before the client starts again from `bootstrapServers`.
    public var metadataRecoveryRebootstrapTrigger = Duration.seconds(300)

    public init() {}

    /// - Parameter bootstrapServers: `host:port`, several separated by commas.
    /// - Throws: `KafkaError` of kind `configuration`.
    public init(bootstrapServers: String) throws(KafkaError) {
        try set("bootstrap.servers", bootstrapServers)
    }

    /// Takes Kafka's dotted keys.
    /// - Throws: `KafkaError` of kind `configuration`, which names the key; an unknown key's error names the nearest.
    public init(properties: some Sequence<(key: String, value: String)>) throws(KafkaError) {
        for (key, value) in properties { try set(key, value) }
    }

    /// Sets one of Kafka's dotted keys from text.
    /// - Throws: `KafkaError` of kind `configuration`.
    public mutating func set(_ name: String, _ text: String) throws(KafkaError) {
        try ConfigurationKey.named(name).parse(text, &self)
    }
}

/// How batches are compressed (`compression.type` and the levels of each codec).
public struct CompressionSettings: Sendable, Hashable {
    public var type = Compression.none
    public var gzipLevel = -1
    public var lz4Level = 9
    public var zstdLevel = 3

    public init() {}

    /// The level of the codec in force; nil where it has none.
    var level: Int? {
        switch type {
        case .gzip: gzipLevel
        case .lz4: lz4Level
        case .zstd: zstdLevel
        case .none, .snappy: nil
        }
    }
}

/// Everything that can be set on a producer. Each field is a key of Kafka's; ``ConfigurationKey/all`` has the table.
///
/// Keys are checked when they are set from text, and all of them once more when a producer is made.
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
    /// The brokers that are asked first for the rest of the cluster (`bootstrap.servers`); there must be one.
    public var bootstrapServers: [BrokerAddress] = []
    /// Names this producer in the brokers' logs, metrics and quotas (`client.id`); up to 32767 bytes.
    public var clientId = ""
    /// How many replicas must have a batch before it counts as sent (`acks`).
    public var acks = Acks.all
    /// Each record is stored once and in order, whatever is retried (`enable.idempotence`). nil: on, unless `acks` or
    /// `retries` forbid it.
    public var enableIdempotence: Bool?
    /// Requests that may wait for an answer on one connection, from 1 on; at most 5 with idempotence.
    public var maxInFlightRequestsPerConnection = 5
    /// How often a failed batch is sent again, within `deliveryTimeout` (`retries`).
    public var retries = Int(Int32.max)
    /// From the creation of a batch to its success or failure, retries included (`delivery.timeout.ms`). nil: two
    /// minutes, or what `linger` and `requestTimeout` take, if that is more.
    public var deliveryTimeout: Duration?
    /// How long an answer may take (`request.timeout.ms`).
    public var requestTimeout = Duration.seconds(30)
    /// How long a batch waits for more records (`linger.ms`).
    public var linger = Duration.milliseconds(5)
    /// The size of a batch in bytes; 0 sends each record alone (`batch.size`).
    public var batchSize = 16384
    /// Bytes of all records that have not been acknowledged; `send` waits when they are used up (`buffer.memory`).
    public var bufferMemory = 33_554_432
    /// How long `send` may wait for metadata and memory (`max.block.ms`).
    public var maxBlock = Duration.seconds(60)
    /// The size of a request, and so of a record, in bytes (`max.request.size`).
    public var maxRequestSize = 1_048_576
    /// How batches are compressed (`compression.type` and the levels).
    public var compression = CompressionSettings()
    /// Which partition a record goes to, when it names none (`partitioner.class`).
    public var partitioner = PartitionerChoice.default
    /// Whether keys are left out of the choice of the partition (`partitioner.ignore.keys`).
    public var partitionerIgnoreKeys = false
    /// Whether records without a key go rather to brokers that keep up (KIP-794).
    public var adaptivePartitioning = true
    /// After how long without progress a broker's partitions get no records without a key; zero for never (KIP-794).
    public var partitionerAvailabilityTimeout = Duration.zero
    /// A serializer by name, for hosts that choose it at run time; `Producer` takes it as an argument.
    public var keySerializer: NamedSerializer?
    /// As `keySerializer`, for values.
    public var valueSerializer: NamedSerializer?
    /// Names of interceptors, for hosts that load them at run time; `Producer` takes them as arguments.
    public var interceptorClasses: [String] = []

    // MARK: Network
    /// The socket's send buffer in bytes; −1 leaves it to the system.
    public var sendBufferBytes = 131_072
    /// The socket's receive buffer in bytes; −1 leaves it to the system.
    public var receiveBufferBytes = 32_768
    /// The first pause before a broker is called again; it doubles each time (KIP-580).
    public var reconnectBackoff = Duration.milliseconds(50)
    /// The longest such pause.
    public var reconnectBackoffMax = Duration.milliseconds(1000)
    /// The first pause before a request is repeated; it doubles each time (KIP-580).
    public var retryBackoff = Duration.milliseconds(100)
    /// The longest such pause.
    public var retryBackoffMax = Duration.milliseconds(1000)
    /// How long the first attempt to connect may take; further ones may take longer (KIP-601).
    public var connectionSetupTimeout = Duration.seconds(10)
    /// How long any attempt to connect may take.
    public var connectionSetupTimeoutMax = Duration.seconds(30)
    /// After how long an unused connection is closed.
    public var connectionsMaxIdle = Duration.seconds(540)
    /// After how long metadata is asked for anew.
    public var metadataMaxAge = Duration.seconds(300)
    /// After how long the metadata of an unused topic is forgotten; at least five seconds.
    public var metadataMaxIdle = Duration.seconds(300)
    /// Which of the addresses of a broker's name are tried.
    public var clientDNSLookup = ClientDNSLookup.useAllDNSIPs
    /// What to do when no known broker can be reached.
    public var metadataRecoveryStrategy = MetadataRecoveryStrategy.rebootstrap
    /// How long metadata may be out of reach before the client starts again from `bootstrapServers`.
    public var metadataRecoveryRebootstrapTrigger = Duration.seconds(300)

    // MARK: Security
    /// How connections are encrypted and how the client names itself (`security.protocol`, `ssl.*`, `sasl.*`).
    public var security = SecuritySettings()

    // MARK: Transactions
    /// The name under which this producer's transactions are known, across restarts (`transactional.id`). A producer
    /// that initializes transactions under it fences the ones before it. nil: without transactions.
    public var transactionalId: String?
    /// After how long without an end a transaction is aborted by its coordinator (`transaction.timeout.ms`); at most
    /// what the brokers allow.
    public var transactionTimeout = Duration.seconds(60)

    /// What is to be said of keys that were given and have no effect here.
    private(set) var remarks: [String] = []

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
    ///
    /// A key that Java's producer has for what is no concern here, such as `metrics.num.samples`, is taken, and a
    /// producer warns that it has no effect.
    /// - Throws: `KafkaError` of kind `configuration`.
    public mutating func set(_ name: String, _ text: String) throws(KafkaError) {
        if let key = ConfigurationKey.known(name) { return try key.parse(text, &self) }
        guard let foreign = ForeignConfigurationKey.named(name) else { throw ConfigurationKey.unknown(name) }
        if let remark = try foreign.take(name, ConfigurationText.trimmed(text)) { remarks.append(remark) }
    }
}

public import Logging

/// How a `DevBroker` is set up.
public struct DevBrokerConfiguration: Sendable {
    /// How many nodes the cluster has, 1 or more; each has a listener of its own. Their ids are 1, 2, 3 …
    public var nodes = 1
    /// The address to listen on, which clients are told too.
    public var host = "127.0.0.1"
    /// The first node's port; the others follow it. 0 lets the system choose one for each.
    public var port = 0
    /// How connections are encrypted; nil: not at all.
    public var tls: TLS?
    /// How clients log in; nil: nobody has to.
    public var sasl: SASL?
    /// How many partitions a topic gets if nobody says, 1 to `TopicCatalog.maxPartitions`.
    public var partitionsPerTopic = 3
    /// Whether asking for the metadata of an unknown topic creates it, if the client agrees.
    public var autoCreateTopics = true
    /// The folder that keeps topics and records beyond the broker's life; nil keeps them in memory.
    public var dataDirectory: String?
    /// Counts records and forgets them: the far end of a benchmark.
    public var discard = false
    /// How many bytes of records a partition in memory keeps before it drops the oldest batches; nil keeps all.
    public var retentionBytes: Int?
    /// The largest record batch, in bytes, header included (`message.max.bytes`).
    public var maxMessageBytes = 1_048_588
    /// Whether checksums and records are looked at, or the headers of batches only; nil does so unless `discard`.
    public var verifyRecords: Bool?
    /// The generation of the transaction protocol, 0 to 2, that clients are told as the feature `transaction.version`:
    /// from 2 on a write makes its partition part of the transaction, and each transaction has an epoch of its own
    /// (KIP-890).
    public var transactionVersion: Int16 = 2
    /// The longest that a transaction may be open, in milliseconds (`transaction.max.timeout.ms`).
    public var maxTransactionTimeoutMs: Int32 = 900_000
    /// What goes wrong on purpose.
    public var faults = Faults()
    /// How many threads serve connections.
    public var eventLoopThreads = 1
    /// Hears of each batch that is stored, before its answer is sent: by topic, partition and the offset of its first
    /// record. With one thread that serves connections it hears of them in the order in which they are stored, whatever
    /// their partitions.
    public var onAppend: (@Sendable (_ topic: String, _ partition: Int, _ baseOffset: Int64) -> Void)?
    /// Hears of connections that were closed for what they sent, and of files that could not be written.
    public var logger = Logger(label: "kafka-lua.broker")

    public init() {}
}

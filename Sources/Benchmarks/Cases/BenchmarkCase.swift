/// One thing to measure: what is sent, how, and with which settings, the same for each contender.
struct BenchmarkCase: Sendable {
    /// How the program sends.
    enum Way: Sendable {
        /// Nothing is asked of a record; `flush` at the end waits for all.
        case fireAndForget
        /// A function is called for each record when its outcome is known.
        case callback
        /// One record at a time, each after the one before was acknowledged.
        case roundTrip
    }

    /// The name by which `--filter` picks it.
    let name: String
    /// What is measured, in a few words.
    let summary: String
    var way = Way.fireAndForget
    /// Records a turn, enough for a second or so.
    var records = 5_000_000
    /// The bytes of a value.
    var valueBytes = 100
    /// How many different keys are sent in turn; 0 for records without a key.
    var keys = 0
    /// The partitions of the topic.
    var partitions = 6
    /// The brokers of the cluster.
    var nodes = 1
    /// Settings by Kafka's names, where they differ from `throughput`.
    var settings: [String: String] = [:]

    /// The settings of all cases that do not say otherwise.
    static let throughput = [
        "acks": "1", "enable.idempotence": "false", "linger.ms": "5", "batch.size": "1000000",
        "compression.type": "none",
    ]

    /// All settings of this case.
    var configuration: [String: String] {
        Self.throughput.merging(settings) { _, own in own }
    }
}

/// One thing to measure: what is sent, how, and with which settings, the same for each contender.
struct BenchmarkCase: Sendable {
    /// How the program sends.
    enum Way: Sendable, Equatable {
        /// Nothing is asked of a record; `flush` at the end waits for all.
        case fireAndForget
        /// Each record's future is kept, and asked once `futureWindow` others have been sent.
        case future
        /// A function is called for each record when its outcome is known.
        case callback
        /// One record at a time, each after the one before was acknowledged.
        case roundTrip
        /// A Lua script's loop, fire and forget; librdkafka's is the one in C.
        case script(ScriptLoop)
    }

    /// The name by which `--filter` picks it.
    let name: String
    /// What is measured, in a few words.
    let summary: String
    var way = Way.fireAndForget
    /// The Lua plugin of the producer.
    var plugin: LuaPlugin?
    /// Records a turn, enough for a second or so.
    var records = 5_000_000
    /// The bytes of a value.
    var valueBytes = 100
    /// How many different keys are sent in turn; 0 for records without a key.
    var keys = 0
    /// The threads that share the producer and the records.
    var threads = 1
    /// The partitions of the topic.
    var partitions = 6
    /// The brokers of the cluster.
    var nodes = 1
    /// How records are compressed.
    var compression: CompressionLevel?
    /// Settings by Kafka's names, where they differ from `throughput`.
    var settings: [String: String] = [:]
    /// Settings that only our producer has, or that librdkafka needs otherwise.
    var ownSettings: [String: String] = [:]

    /// The settings of all cases that do not say otherwise.
    static let throughput = [
        "acks": "1", "enable.idempotence": "false", "linger.ms": "5", "batch.size": "1000000",
        "compression.type": "none",
    ]

    /// How many records a program has under way before it asks for the outcome of the oldest.
    static let futureWindow = 100_000

    /// The bytes of a key.
    static let keyBytes = 10

    /// The settings that contenders share.
    private var sharedConfiguration: [String: String] {
        Self.throughput.merging(settings) { _, own in own }
    }

    /// All settings of our producer.
    var configuration: [String: String] {
        sharedConfiguration.merging(compression?.settings ?? [:]) { _, own in own }
            .merging(ownSettings) { _, own in own }
    }

    /// All settings of librdkafka, but for those that it gets in each case.
    var librdkafkaConfiguration: [String: String] {
        sharedConfiguration.merging(compression?.librdkafkaSettings ?? [:]) { _, own in own }
    }

    /// Who takes part. A plugin has no counterpart elsewhere: it is compared with doing without.
    var contenders: [ContenderName] {
        plugin == nil ? [.librdkafka, .kafkaLua] : [.withoutPlugin, .kafkaLua]
    }
}

/// A codec and the level at which both contenders use it.
struct CompressionLevel: Sendable {
    let codec: String
    /// nil where the codec has none, or both use the same one unasked.
    let level: Int?

    var settings: [String: String] {
        var settings = ["compression.type": codec]
        if let level { settings["compression.\(codec).level"] = "\(level)" }
        return settings
    }

    var librdkafkaSettings: [String: String] {
        var settings = ["compression.type": codec]
        if let level { settings["compression.level"] = "\(level)" }
        return settings
    }
}

import KafkaProducer
import KafkaWire
import TestSupport

/// What a schedule is played with: all that its seed decides before it begins.
package struct Scenario {
    package let seed: UInt64
    package let nodes: Int32
    package let partitions: Int32
    package let callers: Int
    package let records: Int
    package let keys: [String: String]
    package let faults: Faults
    /// The highest version of Produce that the brokers speak.
    package let produceVersion: Int16
    /// nil for a producer without transactions.
    package let transactions: Transactions?

    /// What goes wrong, per mille of requests or of steps.
    package struct Faults {
        package var refusals = 0
        /// The batch is stored, and the answer is an error all the same.
        package var falseRefusals = 0
        package var closesBefore = 0
        package var closesAfter = 0
        package var silences = 0
        package var throttles = 0
        package var stalls = 0
        package var invalidRecords = 0
        package var moves = 0
        package var outages = 0
        package var flushes = 0
        /// Bytes of a batch that the brokers take; nil for any.
        package var largestBatch: Int?
        /// Whether the producer is closed in the midst of it all.
        package var closesProducer = false

        // Of transactions.
        package var coordinatorRefusals = 0
        package var coordinatorMoves = 0
        /// Errors after which a transaction can only be aborted.
        package var abortables = 0
        /// Another producer of the same id comes while this one works.
        package var rivals = 0
        /// A producer goes without a word.
        package var crashes = 0
        /// The brokers agree on another `transaction.version`.
        package var agreements = 0
    }

    package init(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        func pick<Value>(_ values: [Value]) -> Value {
            values[Int.random(in: values.indices, using: &chance)]
        }
        self.seed = seed
        nodes = Int32.random(in: 1...3, using: &chance)
        partitions = Int32.random(in: 1...4, using: &chance)
        callers = Int.random(in: 1...3, using: &chance)
        records = Int.random(in: 5...60, using: &chance)
        produceVersion = pick([3, 7, 8, 9, 10, 12, 13])
        transactions = nil

        let batchSize = pick([0, 150, 300, 600])
        var keys = [
            "linger.ms": pick(["0", "1", "5", "20"]), "batch.size": "\(batchSize)",
            "buffer.memory": "\(max(batchSize, 200) * Int.random(in: 2...20, using: &chance))",
            "request.timeout.ms": pick(["50", "200", "1000"]), "max.block.ms": pick(["10", "200", "60000"]),
            "retry.backoff.ms": pick(["0", "5", "50"]), "retry.backoff.max.ms": "100",
            "reconnect.backoff.ms": "5", "reconnect.backoff.max.ms": pick(["5", "50"]),
            "max.in.flight.requests.per.connection": pick(["1", "2", "5"]),
            "metadata.max.age.ms": pick(["50", "300000"]),
            "partitioner.availability.timeout.ms": pick(["0", "30"]),
            "max.request.size": pick(["700", "1048576"]), "bootstrap.servers": "node-0:9092,node-1:9092",
        ]
        switch Int.random(in: 0..<10, using: &chance) {
        case 0: keys["acks"] = "0"
        case 1: keys["acks"] = "1"
        case 2...3: keys["enable.idempotence"] = "false"
        default: break
        }
        if Int.random(in: 0..<10, using: &chance) == 0 {
            keys["compression.type"] = pick(["lz4", "snappy", "zstd", "gzip"])
        }
        if Int.random(in: 0..<4, using: &chance) == 0 { keys["delivery.timeout.ms"] = "1100" }
        if Int.random(in: 0..<8, using: &chance) == 0 { keys["retries"] = "3" }
        self.keys = keys

        var faults = Faults()
        func rate(_ limit: Int) -> Int {
            Bool.random(using: &chance) ? Int.random(in: 0...limit, using: &chance) : 0
        }
        faults.refusals = rate(150)
        faults.falseRefusals = rate(80)
        faults.closesBefore = rate(60)
        faults.closesAfter = rate(80)
        faults.silences = rate(40)
        faults.throttles = rate(60)
        faults.stalls = rate(60)
        faults.invalidRecords = Int.random(in: 0..<8, using: &chance) == 0 ? 30 : 0
        faults.moves = nodes > 1 ? rate(20) : 0
        faults.outages = rate(8)
        faults.flushes = rate(20)
        faults.largestBatch = Int.random(in: 0..<3, using: &chance) == 0 ? pick([140, 250]) : nil
        faults.closesProducer = Int.random(in: 0..<10, using: &chance) == 0
        self.faults = faults
    }

    init(
        seed: UInt64, nodes: Int32, partitions: Int32, keys: [String: String], faults: Faults, produceVersion: Int16,
        transactions: Transactions
    ) {
        self.seed = seed
        self.nodes = nodes
        self.partitions = partitions
        self.keys = keys
        self.faults = faults
        self.produceVersion = produceVersion
        self.transactions = transactions
        (callers, records) = (1, 0)
    }

    /// What the brokers say of the versions that they speak.
    var versions: NegotiatedVersions {
        Self.negotiate([.produce: produceVersion, .metadata: 12, .initProducerId: 4])
    }

    static func negotiate(
        _ versions: KeyValuePairs<APIKey, Int16>, transactionVersion: Int16 = 0, agreement: Int64 = -1
    ) -> NegotiatedVersions {
        NegotiatedVersions(
            ApiVersionsResponse {
                $0.finalizedFeaturesEpoch = agreement
                $0.finalizedFeatures = [
                    .init {
                        $0.name = "transaction.version"
                        ($0.minVersionLevel, $0.maxVersionLevel) = (transactionVersion, transactionVersion)
                    }
                ]
                $0.apiKeys = versions.map { api, highest in
                    .init {
                        $0.apiKey = api.rawValue
                        $0.minVersion = 0
                        $0.maxVersion = highest
                    }
                }
            })
    }
}

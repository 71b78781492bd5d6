import KafkaProducer
import KafkaWire
import TestSupport

extension Scenario {
    /// What a schedule of transactions is played with.
    package struct Transactions {
        package let id = "transfers"
        package let groups = ["readers", "auditors"]
        package var count: Int
        package var timeoutMs: Int32
        /// The last epoch of producers of former days; −1 for none.
        package var firstEpoch: Int16
        package var generation: Generation
        /// The level of `transaction.version` at first.
        package var level: Int16
        package var maxBlockMs: Int64
    }

    /// How old brokers are.
    package enum Generation: CaseIterable {
        /// Gives no new epoch to those who show their present one (before KIP-360).
        case ancient
        /// Knows no `transaction.version` 2.
        case old
        case new
    }

    /// Those that have a coordinator.
    var coordinatedKeys: [String] { transactions.map { [$0.id] + $0.groups } ?? [] }

    /// A schedule of transactions.
    package init(transactionsOf seed: UInt64) {
        var chance = SeededGenerator(seed: seed ^ 0x7472_616e)
        func pick<Value>(_ values: [Value]) -> Value {
            values[Int.random(in: values.indices, using: &chance)]
        }
        let generation = pick([Generation.ancient, .old, .new, .new, .new])
        let level: Int16 = generation == .new ? pick([2, 2, 2, 0]) : 0
        let timeoutMs = pick([300, 5000, 60000, 60000])
        let maxBlockMs = pick([20, 200, 60000])
        let transactions = Transactions(
            count: Int.random(in: 3...20, using: &chance), timeoutMs: Int32(timeoutMs),
            firstEpoch: Bool.random(using: &chance) ? -1 : Int16.random(in: 32755...32766, using: &chance),
            generation: generation, level: level, maxBlockMs: Int64(maxBlockMs))

        let batchSize = pick([0, 150, 300, 600])
        var keys = [
            "transactional.id": transactions.id, "transaction.timeout.ms": "\(timeoutMs)",
            "linger.ms": pick(["0", "1", "5", "20"]), "batch.size": "\(batchSize)",
            "buffer.memory": "\(max(batchSize, 200) * Int.random(in: 3...20, using: &chance))",
            "request.timeout.ms": pick(["50", "200", "1000"]), "max.block.ms": "\(maxBlockMs)",
            "retry.backoff.ms": pick(["0", "5", "50"]), "retry.backoff.max.ms": "100",
            "reconnect.backoff.ms": "5", "reconnect.backoff.max.ms": pick(["5", "50"]),
            "max.in.flight.requests.per.connection": pick(["1", "2", "5"]),
            "metadata.max.age.ms": pick(["50", "300000"]),
            "max.request.size": pick(["350", "1048576"]), "bootstrap.servers": "node-0:9092,node-1:9092",
        ]
        if Int.random(in: 0..<3, using: &chance) == 0 {
            keys["request.timeout.ms"] = "50"
            keys["delivery.timeout.ms"] = pick(["80", "150", "400"])
        }
        if Int.random(in: 0..<12, using: &chance) == 0 { keys["retries"] = "3" }

        let nodes = Int32.random(in: 1...3, using: &chance)
        var faults = Faults()
        func rate(_ limit: Int) -> Int {
            Bool.random(using: &chance) ? Int.random(in: 0...limit, using: &chance) : 0
        }
        faults.refusals = rate(100)
        faults.falseRefusals = rate(80)
        faults.closesBefore = rate(60)
        faults.closesAfter = rate(80)
        faults.silences = rate(40)
        faults.stalls = rate(60)
        faults.invalidRecords = Int.random(in: 0..<8, using: &chance) == 0 ? 30 : 0
        faults.moves = nodes > 1 ? rate(20) : 0
        faults.outages = rate(8)
        faults.largestBatch = Int.random(in: 0..<4, using: &chance) == 0 ? pick([140, 250]) : nil
        faults.coordinatorRefusals = rate(150)
        faults.coordinatorMoves = nodes > 1 ? rate(20) : 0
        faults.abortables = Int.random(in: 0..<4, using: &chance) == 0 ? 20 : 0
        faults.rivals = Int.random(in: 0..<3, using: &chance) == 0 ? 4 : 0
        faults.crashes = Int.random(in: 0..<4, using: &chance) == 0 ? 5 : 0
        faults.agreements = generation == .new && Int.random(in: 0..<4, using: &chance) == 0 ? 20 : 0
        self.init(
            seed: seed, nodes: nodes, partitions: Int32.random(in: 1...4, using: &chance), keys: keys, faults: faults,
            produceVersion: generation == .new ? 13 : pick([7, 9, 11]), transactions: transactions)
    }

    /// What brokers of the scenario say of the versions that they speak.
    func versions(agreement: Int64, level: Int16) -> NegotiatedVersions {
        let highest: Int16 = transactions?.generation == .new ? 5 : transactions?.generation == .old ? 4 : 1
        return Self.negotiate(
            [
                .produce: produceVersion, .metadata: 12, .findCoordinator: highest == 1 ? 1 : 4,
                .initProducerId: highest == 1 ? 1 : 4, .addPartitionsToTxn: 3, .addOffsetsToTxn: 3,
                .txnOffsetCommit: max(highest, 3), .endTxn: highest,
            ], transactionVersion: level, agreement: agreement)
    }
}

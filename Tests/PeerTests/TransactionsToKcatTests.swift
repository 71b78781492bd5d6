import DevBroker
import KafkaProducer
import KafkaWire
import Testing

/// Our transactions, read by kcat, whose isolation.level is read_committed unless told otherwise.
@Suite struct TransactionsToKcatTests {
    private struct Refused: Error {}

    private func broker(_ version: Int16, nodes: Int = 1, faults: Faults? = nil) async throws -> DevBroker {
        var configuration = DevBrokerConfiguration()
        configuration.transactionVersion = version
        configuration.nodes = nodes
        configuration.partitionsPerTopic = 1
        if let faults { configuration.faults = faults }
        let broker = DevBroker(configuration)
        try await broker.start()
        return broker
    }

    private func producer(_ broker: DevBroker) async throws -> Producer<String, String> {
        var configuration = try ProducerConfiguration(bootstrapServers: broker.bootstrapServers)
        try configuration.set("transactional.id", "transfers")
        try configuration.set("linger.ms", "0")
        try configuration.set("retry.backoff.ms", "5")
        try configuration.set("request.timeout.ms", "300")
        let producer = try Producer<String, String>(configuration)
        try await producer.initTransactions()
        return producer
    }

    /// A record for each of two accounts, in one transaction; aborted if the amount is odd.
    private func transfer(_ amount: Int, _ producer: Producer<String, String>) async throws {
        do {
            try await producer.withTransaction {
                for topic in ["debit", "credit"] {
                    try await producer.send(ProducerRecord(topic: topic, value: "\(amount)"))
                }
                if amount % 2 == 1 { throw Refused() }
            }
        } catch is Refused {}
    }

    private func values(_ topic: String, _ broker: DevBroker) async throws -> [String] {
        try await Kcat(bootstrapServers: broker.bootstrapServers).read(topic).map { $0.value ?? "" }
    }

    @Test("5.31 Committed transfers are read whole, aborted ones not at all", arguments: [Int16(0), 2])
    func transfers(version: Int16) async throws {
        let broker = try await broker(version)
        let producer = try await producer(broker)
        for amount in 0..<20 { try await transfer(amount, producer) }
        await producer.close()
        let expected = stride(from: 0, to: 20, by: 2).map(String.init)
        #expect(try await values("debit", broker) == expected)
        #expect(try await values("credit", broker) == expected)
        #expect(try broker.records(topic: "debit", partition: 0).count >= 20)
        try await broker.shutdown()
    }

    @Test("5.29 So they are while the coordinator moves and connections are lost", arguments: [Int16(0), 2])
    func movedCoordinators(version: Int16) async throws {
        let broker = try await broker(version, nodes: 2)
        let producer = try await producer(broker)
        for amount in 0..<20 {
            try broker.moveCoordinator(ofTransactionalId: "transfers", to: Int32(1 + amount % 2))
            if amount % 3 == 0 { broker.closeConnections() }
            try await transfer(amount, producer)
        }
        await producer.close()
        let expected = stride(from: 0, to: 20, by: 2).map(String.init)
        #expect(try await values("debit", broker) == expected)
        #expect(try await values("credit", broker) == expected)
        try await broker.shutdown()
    }

    @Test("5.31 So they are whatever goes wrong by chance", arguments: [Int16(0), 2], 1...10)
    func faults(version: Int16, seed: UInt64) async throws {
        let broker = try await broker(version, nodes: 2)
        let producer = try await producer(broker)
        broker.faults = Faults([.errors: 50, .closed: 20, .lost: 20, .moves: 30], seed: seed)
        var committed: [String] = []
        for amount in stride(from: 0, to: 100, by: 2) {
            do {
                try await transfer(amount, producer)
                committed.append("\(amount)")
            } catch let error as KafkaError where !error.isFatal {}
            try await transfer(amount + 1, producer)
        }
        broker.faults = Faults()
        await producer.close()
        #expect(!committed.isEmpty)
        #expect(try await values("debit", broker) == committed)
        #expect(try await values("credit", broker) == committed)
        try await broker.shutdown()
    }

    @Test("5.15 A second producer of the id fences the first and ends what it left open", arguments: [Int16(0), 2])
    func fencing(version: Int16) async throws {
        let broker = try await broker(version)
        let first = try await producer(broker)
        try await first.beginTransaction()
        try await first.send(ProducerRecord(topic: "debit", value: "zombie"))
        let second = try await producer(broker)
        let fence = try await #require(throws: KafkaError.self) { try await first.commitTransaction() }
        #expect(fence.code == .producerFenced)
        #expect(fence.isFatal)
        try await transfer(2, second)
        await first.close()
        await second.close()
        #expect(try await values("debit", broker) == ["2"])
        try await broker.shutdown()
    }
}

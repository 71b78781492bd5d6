import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct TransactionCallTests {
    private struct Refused: Error {}

    private func opened(_ broker: ManualBroker, _ keys: [String: String] = [:]) throws -> Producer<String, String> {
        let producer = try broker.producer(["transactional.id": "pay"].merging(keys) { $1 })
        try producer.initTransactions()
        return producer
    }

    private func store(_ value: String, _ producer: Producer<String, String>, _ broker: ManualBroker) throws {
        let future = try send(value, producer)
        try broker.nextProduce().answer()
        try future.get()
    }

    private func deliver(
        _ value: String, _ producer: Producer<String, String>, _ broker: ManualBroker
    ) async throws {
        let future = try send(value, producer)
        try broker.nextProduce().answer()
        _ = try await future.value
    }

    private func send(_ value: String, _ producer: Producer<String, String>) throws -> DeliveryFuture {
        try producer.send(ProducerRecord(topic: "t", partition: 0, value: value))
    }

    @Test("5.30 close aborts an open transaction, after what was sent")
    func closeAborts() throws {
        let broker = try ManualBroker()
        let producer = try opened(broker)
        try producer.beginTransaction()
        try store("v", producer, broker)
        try producer.close()
        #expect(broker.takeCoordinatorLog().last == "EndTxn 4 7000/0 abort")
    }

    @Test("5.31 withTransaction commits on return")
    func withTransactionCommits() throws {
        let broker = try ManualBroker()
        let producer = try opened(broker)
        let answer = try producer.withTransaction {
            try store("v", producer, broker)
            return 42
        }
        #expect(answer == 42)
        #expect(broker.takeCoordinatorLog().last == "EndTxn 4 7000/0 commit")
        try producer.close()
    }

    @Test("5.31 It aborts on a throw, which it hands on")
    func withTransactionAborts() throws {
        let broker = try ManualBroker()
        let producer = try opened(broker)
        #expect(throws: Refused.self) {
            try producer.withTransaction {
                try store("v", producer, broker)
                throw Refused()
            }
        }
        #expect(broker.takeCoordinatorLog().last == "EndTxn 4 7000/0 abort")
        try producer.close()
    }

    @Test("5.31 So does its suspending form")
    func suspendingForm() async throws {
        let broker = try ManualBroker()
        let producer = try broker.producer(["transactional.id": "pay"])
        try await producer.initTransactions()
        await #expect(throws: Refused.self) {
            try await producer.withTransaction {
                try await deliver("v", producer, broker)
                throw Refused()
            }
        }
        try await producer.withTransaction { try await deliver("w", producer, broker) }
        let ends = broker.takeCoordinatorLog().filter { $0.hasPrefix("EndTxn") }
        #expect(ends == ["EndTxn 4 7000/0 abort", "EndTxn 4 7000/0 commit"])
        await producer.close()
    }

    private func initialize(_ producer: Producer<String, String>) throws(KafkaError) { try producer.initTransactions() }

    @Test("5.24 A call that takes longer than max.block.ms throws a time-out that says to repeat it")
    func maxBlock() async throws {
        let broker = try ManualBroker()
        broker.changeCoordinator { $0.silent = [.initProducerId] }
        let producer = try broker.producer(["transactional.id": "pay", "max.block.ms": "20"])
        let blocking = #expect(throws: KafkaError.self) { try initialize(producer) }
        #expect(blocking?.kind == .timeout)
        #expect(blocking?.message.contains("call it again") == true)
        let suspending = await #expect(throws: KafkaError.self) { try await producer.initTransactions() }
        #expect(suspending?.kind == .timeout)
        try producer.close(timeout: .zero)
    }
}

import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct RetryTests {
    private func record(_ value: String = "v", to partition: Int32 = 0) -> ProducerRecord<String, String> {
        ProducerRecord(topic: "t", partition: partition, value: value)
    }

    @Test("4.14 A retriable error is repeated as often as retries says, and then it is the record's")
    func retriesAreCounted() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer(["retries": "2"])
        let future = try producer.send(record())
        for _ in 0..<3 { try broker.nextProduce().refuse(.notEnoughReplicas) }
        let error = #expect(throws: KafkaError.self) { try future.get() }
        #expect(error?.code == .notEnoughReplicas)
        #expect(broker.hasNoMore)
        try producer.close()
    }

    @Test(
        "4.14 Any other error is the record's at once", arguments: [ErrorCode.topicAuthorizationFailed, .invalidRecord])
    func otherErrorsAreFinal(code: ErrorCode) throws {
        let broker = try ManualBroker()
        let producer = try broker.producer()
        let future = try producer.send(record())
        try broker.nextProduce().refuse(code)
        let error = #expect(throws: KafkaError.self) { try future.get() }
        #expect(error?.code == code)
        #expect(broker.hasNoMore)
        try producer.close()
    }

    @Test("4.15 A request without an answer within request.timeout.ms costs its connection, and is repeated")
    func unansweredRequestsAreRepeated() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer(["request.timeout.ms": "100"])
        let future = try producer.send(record())
        let first = try broker.nextProduce()
        let second = try broker.nextProduce()
        #expect(second.batches == first.batches)
        #expect(second.connection != first.connection)
        second.answer()
        try future.get()
        try producer.close()
    }

    @Test("4.15 A request whose connection is closed is repeated over another")
    func lostRequestsAreRepeated() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer()
        let future = try producer.send(record())
        let first = try broker.nextProduce()
        first.disconnect()
        let second = try broker.nextProduce()
        #expect(second.batches == first.batches)
        #expect(second.connection != first.connection)
        second.answer()
        try future.get()
        try producer.close()
    }

    @Test("4.17 An error that makes metadata doubtful has it asked for anew, and the batch goes to the new leader")
    func doubtfulMetadataIsRefreshed() throws {
        let broker = try ManualBroker(nodes: 2)
        let producer = try broker.producer()
        let future = try producer.send(record())
        let first = try broker.nextProduce()
        #expect(first.node == 0)
        broker.change {
            $0.leaders = [0: 1]
            $0.leaderEpoch = 2
        }
        first.refuse(.notLeaderOrFollower)
        let second = try broker.nextProduce()
        #expect(second.node == 1)
        second.answer()
        try future.get()
        try producer.close()
    }
}

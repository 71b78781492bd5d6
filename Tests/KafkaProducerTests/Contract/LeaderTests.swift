import KafkaWire
import Testing

@testable import KafkaProducer

/// Where batches go when their leader moves.
@Suite struct LeaderTests {
    /// No repetition comes within the time of a test.
    static let patient = ["retry.backoff.ms": "60000", "retry.backoff.max.ms": "60000"]

    let broker: ManualBroker
    let producer: Producer<String, String>

    init() throws {
        broker = try ManualBroker(nodes: 2)
        producer = try broker.producer(Self.patient)
    }

    private func send(_ value: String = "v") throws -> DeliveryFuture {
        try producer.send(ProducerRecord(topic: "t", partition: 0, value: value))
    }

    /// Refuses a batch and names the second node as the leader.
    private func move(_ arrival: ProduceArrival, endpoints: [NodeEndpoint]) {
        arrival.answer(endpoints: endpoints) {
            $0.errorCode = .notLeaderOrFollower
            $0.currentLeader.leaderId = 1
            $0.currentLeader.leaderEpoch = 5
        }
    }

    @Test("4.4 The leader that a produce response names gets the batch, without a question for metadata")
    func theNamedLeaderIsUsed() throws {
        let future = try send()
        let first = try broker.nextProduce()
        let questions = broker.count(of: .metadata)
        // Metadata would not answer.
        broker.change { $0.answersMetadata = false }
        move(first, endpoints: [broker.endpoint(of: 1)])
        let second = try broker.nextProduce()
        #expect(second.node == 1)
        #expect(second.batches == first.batches)
        #expect(questions == 1)
        second.answer()
        try future.get()
        try producer.close()
    }

    @Test("4.4 A leader that metadata has never named is found at the endpoint of the response")
    func theNamedEndpointIsUsed() throws {
        broker.change { $0.hiddenNodes = [1] }
        let future = try send()
        let first = try broker.nextProduce()
        broker.change { $0.answersMetadata = false }
        move(first, endpoints: [broker.endpoint(of: 1)])
        let second = try broker.nextProduce()
        #expect(second.node == 1)
        second.answer()
        try future.get()
        try producer.close()
    }

    @Test("4.19 Metadata of an older leader epoch does not bring the old leader back")
    func staleMetadataIsPassedOver() throws {
        let future = try send()
        move(try broker.nextProduce(), endpoints: [broker.endpoint(of: 1)])
        try future.get(answering: broker)
        // The script still names the first node, at epoch 1.
        _ = try producer.partitions(of: "other")
        let next = try send("next")
        let arrival = try broker.nextProduce()
        #expect(arrival.node == 1)
        arrival.answer()
        try next.get()
        try producer.close()
    }
}

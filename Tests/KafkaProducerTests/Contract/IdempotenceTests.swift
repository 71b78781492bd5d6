import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct IdempotenceTests {
    private func record(_ value: String = "v") -> ProducerRecord<String, String> {
        ProducerRecord(topic: "t", partition: 0, value: value)
    }

    @Test("5.5 A producer id is asked for before the first batch, which carries it")
    func theIdComesFirst() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer()
        let future = try producer.send(record())
        let arrival = try broker.nextProduce()
        let apis = broker.requests.entries.map(\.api)
        #expect(apis.last == .produce)
        #expect(apis.count { $0 == .initProducerId } == 1)
        #expect(arrival.batches.map(\.producerId) == [7000])
        #expect(arrival.batches.map(\.producerEpoch) == [0])
        arrival.answer()
        try future.get()
        try producer.close()
    }

    @Test("5.5 It is asked for again after an error that passes")
    func theIdIsAskedForAgain() throws {
        let broker = try ManualBroker(.init(identityErrors: [.coordinatorLoadInProgress, .coordinatorNotAvailable]))
        let producer = try broker.producer()
        try producer.send(record()).get(answering: broker)
        #expect(broker.count(of: .initProducerId) == 3)
        try producer.close()
    }

    @Test("5.5 If it is refused for good, all records fail with the broker's error")
    func theIdIsRefused() throws {
        let broker = try ManualBroker(.init(identityErrors: [.clusterAuthorizationFailed]))
        let producer = try broker.producer()
        for _ in 0..<2 {
            let future = try producer.send(record())
            let error = #expect(throws: KafkaError.self) { try future.get() }
            #expect(error?.code == .clusterAuthorizationFailed)
        }
        #expect(broker.hasNoMore)
        try producer.close()
    }

    @Test("5.5 Without idempotence none is asked for, and batches carry none")
    func withoutIdempotence() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer(["enable.idempotence": "false"])
        let future = try producer.send(record())
        let arrival = try broker.nextProduce()
        #expect(arrival.batches.map(\.producerId) == [-1])
        #expect(arrival.batches.map(\.baseSequence) == [-1])
        arrival.answer()
        try future.get()
        #expect(broker.count(of: .initProducerId) == 0)
        try producer.close()
    }

    @Test("5.8 OUT_OF_ORDER_SEQUENCE_NUMBER on a batch that is not the next has it repeated as it was")
    func laterBatchesAreRepeated() throws {
        let (broker, producer, arrivals) = try threeInFlight()
        // Their predecessor is only refused for now.
        arrivals[0].refuse(.notEnoughReplicas)
        arrivals[1].refuse(.outOfOrderSequenceNumber)
        arrivals[2].refuse(.outOfOrderSequenceNumber)
        for arrival in arrivals {
            let again = try broker.nextProduce()
            #expect(again.batches == arrival.batches)
            again.answer()
        }
        try producer.close()
    }

    @Test(
        "5.9 On the next expected batch the epoch is bumped, and all that is pending is numbered anew",
        arguments: [ErrorCode.outOfOrderSequenceNumber])
    func theEpochIsBumped(code: ErrorCode) throws { try expectRenumbering(code) }

    @Test(
        "5.10 UNKNOWN_PRODUCER_ID and INVALID_PRODUCER_EPOCH do so too",
        arguments: [ErrorCode.unknownProducerId, .invalidProducerEpoch])
    func theEpochIsBumpedToo(code: ErrorCode) throws { try expectRenumbering(code) }

    private func expectRenumbering(_ code: ErrorCode) throws {
        let (broker, producer, arrivals) = try threeInFlight()
        for arrival in arrivals { arrival.refuse(code) }
        for (sequence, arrival) in arrivals.enumerated() {
            let again = try broker.nextProduce()
            #expect(again.values == arrival.values)
            #expect(again.batches.map(\.producerId) == [7000])
            #expect(again.batches.map(\.producerEpoch) == [1])
            #expect(again.batches.map(\.baseSequence) == [Int32(sequence)])
            again.answer()
        }
        #expect(broker.count(of: .initProducerId) == 1)
        try producer.close()
    }

    @Test("5.12 When the epochs of an id are used up a new id is asked for")
    func epochsAreUsedUp() throws {
        let broker = try ManualBroker(.init(producerEpoch: .max))
        let producer = try broker.producer()
        let future = try producer.send(record())
        let first = try broker.nextProduce()
        #expect(first.batches.map(\.producerEpoch) == [.max])
        broker.change { $0.producerEpoch = 0 }
        first.refuse(.outOfOrderSequenceNumber)
        let second = try broker.nextProduce()
        #expect(second.batches.map(\.producerId) == [7001])
        #expect(second.batches.map(\.producerEpoch) == [0])
        #expect(second.batches.map(\.baseSequence) == [0])
        second.answer()
        try future.get()
        try producer.close()
    }

    /// A producer whose partition is established, with three batches of one record each on the wire.
    private func threeInFlight() throws -> (ManualBroker, Producer<String, String>, [ProduceArrival]) {
        let broker = try ManualBroker()
        let producer = try broker.producer(["batch.size": "0", "linger.ms": "0"])
        try producer.send(record("established")).get(answering: broker)
        for value in ["a", "b", "c"] { try producer.send(record(value)) }
        return (broker, producer, try (0..<3).map { _ in try broker.nextProduce() })
    }
}

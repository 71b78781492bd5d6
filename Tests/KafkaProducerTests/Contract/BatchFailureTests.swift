import KafkaWire
import Testing

@testable import KafkaProducer

/// How batches fail, and what their end leaves behind.
@Suite struct BatchFailureTests {
    private func record(_ value: String) -> ProducerRecord<String, String> {
        ProducerRecord(topic: "t", partition: 0, value: value)
    }

    /// Sends three records in a batch that is refused for the sake of the second.
    private func refusals() throws -> [KafkaError?] {
        let broker = try ScriptedBroker()
        let producer = try broker.producer(BatchReadinessTests.lingering)
        let futures = try ["a", "b", "c"].map { try producer.send(record($0)) }
        let flushing = Background { Result { try producer.flush() } }
        try broker.nextProduce().answer {
            $0.errorCode = .invalidRecord
            $0.errorMessage = "the whole"
            $0.recordErrors = [
                ProduceResponse.BatchIndexAndErrorMessage {
                    $0.batchIndex = 1
                    $0.batchIndexErrorMessage = "no key"
                }
            ]
        }
        try flushing.result().get()
        try producer.close()
        return futures.map(\.outcome.1)
    }

    @Test("3.16 A record that the broker names fails with an error of its own")
    func namedRecordsFail() throws {
        let error = try #require(try refusals()[1])
        #expect(error.code == .invalidRecord)
        #expect(error.message.contains("no key"))
    }

    @Test("3.17 The other records of its batch say that others were to blame")
    func bystandersFail() throws {
        let refusals = try refusals()
        for error in [refusals[0], refusals[2]] {
            #expect(error?.code == .invalidRecord)
            #expect(error?.message.contains("because of other records in it") == true)
        }
    }

    @Test("3.18 delivery.timeout.ms covers repetitions: it counts from the creation of the batch")
    func repetitionsEndInTime() throws {
        let broker = try ScriptedBroker()
        let producer = try broker.producer(["request.timeout.ms": "800", "delivery.timeout.ms": "1000"])
        let future = try producer.send(record("v"))
        var repetitions = 0
        while !future.isDone, repetitions < 1000 {
            // The last one may never come.
            if broker.hasNoMore {
                _ = try? future.get(timeout: .milliseconds(1))
                continue
            }
            try broker.nextProduce().refuse(.notEnoughReplicas)
            repetitions += 1
        }
        let error = #expect(throws: KafkaError.self) { try future.get() }
        #expect(error?.kind == .timeout)
        #expect(error?.message.contains("delivery.timeout.ms=1000") == true)
        #expect(repetitions > 1)
        try producer.close()
    }

    @Test("3.20 A batch that expires with its outcome unknown leaves its sequence: the next has a new epoch")
    func expiryBumpsTheEpoch() throws {
        let broker = try ScriptedBroker()
        let producer = try broker.producer([
            "linger.ms": "0", "request.timeout.ms": "1000", "delivery.timeout.ms": "1000",
        ])
        let known = try producer.send(record("known"))
        let first = try broker.nextProduce()
        #expect(first.batches.map(\.producerEpoch) == [0])
        first.answer()
        try known.get()
        let lost = try producer.send(record("lost"))
        #expect(try broker.nextProduce().batches.map(\.baseSequence) == [1])
        #expect(throws: KafkaError.self) { try lost.get() }
        let next = try producer.send(record("next"))
        var arrival = try broker.nextProduce()
        // It may have been repeated before its time was up.
        while arrival.values == ["lost"] { arrival = try broker.nextProduce() }
        #expect(arrival.batches.map(\.producerEpoch) == [1])
        #expect(arrival.batches.map(\.baseSequence) == [0])
        #expect(arrival.batches.map(\.producerId) == first.batches.map(\.producerId))
        arrival.answer()
        try next.get()
        try producer.close()
    }

    @Test("3.22 Batches that expire together do so in the order of send")
    func expiryKeepsTheOrder() throws {
        let broker = try ScriptedBroker()
        let order = Log<String>()
        let producer = try broker.producer([
            "linger.ms": "0", "batch.size": "0", "request.timeout.ms": "1000", "delivery.timeout.ms": "1000",
            "retry.backoff.ms": "60000", "retry.backoff.max.ms": "60000",
        ])
        try producer.send(record("first")).get(answering: broker)
        let futures = try (0..<8).map { number in
            try producer.send(record("\(number)")) { _, _ in order.append("\(number)") }
        }
        // The first goes to those that wait for their turn, while those behind it are in flight.
        try broker.nextProduce().refuse(.notEnoughReplicas)
        for future in futures { #expect(throws: KafkaError.self) { try future.get() } }
        #expect(order.entries == (0..<8).map { "\($0)" })
        try producer.close(timeout: .zero)
    }
}

extension DeliveryFuture {
    /// The record's end, after a scripted broker has stored the next batch that comes.
    @discardableResult
    func get(answering broker: ScriptedBroker) throws -> RecordMetadata {
        try broker.nextProduce().answer()
        return try get()
    }
}

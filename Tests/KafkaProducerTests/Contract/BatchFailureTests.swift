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
        let broker = try ManualBroker()
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
}

extension DeliveryFuture {
    /// The record's end, after a scripted broker has stored the next batch that comes.
    @discardableResult
    func get(answering broker: ManualBroker) throws -> RecordMetadata {
        try broker.nextProduce().answer()
        return try get()
    }
}

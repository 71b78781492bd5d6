import KafkaWire
import Testing

@testable import KafkaProducer

/// Whatever becomes of a record in its batch, interceptors and callback are told once.
@Suite struct AcknowledgementTests {
    enum Fate: String, CaseIterable, CustomTestStringConvertible {
        case stored, refused, repeated, expired, closedLingering, closedInFlight, closedAnsweredLate

        var testDescription: String { rawValue }

        var kind: KafkaError.Kind? {
            switch self {
            case .stored, .repeated: nil
            case .refused: .broker
            case .expired: .timeout
            case .closedLingering, .closedInFlight, .closedAnsweredLate: .closed
            }
        }
    }

    @Test("2.22 Interceptors and callback are told once, whatever becomes of a record", arguments: Fate.allCases)
    func toldOnce(fate: Fate) throws {
        let broker = try ManualBroker()
        let (witness, told) = (Witness(), Log<Witness.Told>())
        let producer = try broker.producer(
            fate == .closedLingering
                ? ["linger.ms": "60000", "delivery.timeout.ms": "120000"]
                : fate == .expired ? ["request.timeout.ms": "800", "delivery.timeout.ms": "1000"] : [:],
            interceptors: [witness])
        let future = try producer.send(
            ProducerRecord(topic: "t", partition: 0, value: "v"), onCompletion: Witness.callback(told))
        try meet(fate, broker, producer)
        let error: KafkaError?
        do throws(KafkaError) {
            try future.get()
            error = nil
        } catch let failure {
            error = failure
        }
        try producer.close()
        #expect(error?.kind == fate.kind)
        #expect(told.entries.map(\.error) == [error])
        #expect(witness.told.entries.map(\.error) == [error])
        #expect(witness.told.entries.map(\.metadata) == told.entries.map(\.metadata))
        if error != nil { #expect(told.entries.map(\.metadata) == [RecordMetadata(topic: "t", partition: 0)]) }
        try eventually { producer.core.availableMemory == 33_554_432 }
    }

    private func meet(_ fate: Fate, _ broker: ManualBroker, _ producer: Producer<String, String>) throws {
        switch fate {
        case .stored: try broker.nextProduce().answer()
        case .refused: try broker.nextProduce().refuse(.topicAuthorizationFailed)
        case .repeated:
            try broker.nextProduce().refuse(.notEnoughReplicas)
            try broker.nextProduce().answer()
        // Nobody answers.
        case .expired: break
        case .closedLingering: try producer.close(timeout: .zero)
        case .closedInFlight:
            _ = try broker.nextProduce()
            try producer.close(timeout: .zero)
        case .closedAnsweredLate:
            let arrival = try broker.nextProduce()
            try producer.close(timeout: .zero)
            arrival.answer()
        }
    }
}

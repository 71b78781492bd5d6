import KafkaWire
import Testing

@testable import KafkaProducer

/// A record that fails before it reaches a batch, though `send` does not throw.
struct ClientFailure: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var script = ManualBroker.Script()
    var keys: [String: String] = [:]
    var record = ProducerRecord<String, String>(topic: "t", value: "v")
    var partitioner: Choosing?
    /// What the record's metadata says; −1 where nothing was chosen.
    var partition: Int32 = -1
    var kind: KafkaError.Kind
    var code = ErrorCode.unknownServerError

    /// Chooses a partition, or fails.
    final class Choosing: Partitioner {
        struct Failure: Error {}
        let choice: Int32?

        init(choice: Int32?) { self.choice = choice }

        func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) throws -> Int32? {
            guard let choice else { throw Failure() }
            return choice
        }
    }

    static let all = [
        ClientFailure(
            testDescription: "unknown topic", script: .init(topicError: .unknownTopicOrPartition),
            keys: ["max.block.ms": "50"], kind: .timeout),
        ClientFailure(
            testDescription: "no answer about metadata", script: .init(answersMetadata: false),
            keys: ["max.block.ms": "50"], record: ProducerRecord(topic: "t", partition: 0, value: "v"), partition: 0,
            kind: .timeout),
        ClientFailure(
            testDescription: "partition beyond the count", keys: ["max.block.ms": "50"],
            record: ProducerRecord(topic: "t", partition: 1, value: "v"), partition: 1, kind: .timeout),
        ClientFailure(
            testDescription: "exhausted memory",
            keys: ["max.block.ms": "50", "buffer.memory": "200", "batch.size": "200"],
            record: ProducerRecord(topic: "t", value: "v"), partition: 0, kind: .bufferExhausted),
        ClientFailure(
            testDescription: "larger than max.request.size", keys: ["max.request.size": "80"], kind: .recordTooLarge),
        ClientFailure(
            testDescription: "larger than buffer.memory", keys: ["buffer.memory": "80", "batch.size": "80"],
            kind: .recordTooLarge),
        ClientFailure(
            testDescription: "a name that no topic has", record: ProducerRecord(topic: "", value: "v"), kind: .broker,
            code: .invalidTopicException),
        ClientFailure(
            testDescription: "a name that the broker refuses", script: .init(topicError: .invalidTopicException),
            kind: .broker, code: .invalidTopicException),
        ClientFailure(
            testDescription: "no authorization", script: .init(topicError: .topicAuthorizationFailed), kind: .broker,
            code: .topicAuthorizationFailed),
        ClientFailure(
            testDescription: "a partitioner that throws", partitioner: Choosing(choice: nil), kind: .partitioner),
        ClientFailure(
            testDescription: "a partitioner that chooses beyond the count", partitioner: Choosing(choice: 1),
            kind: .partitioner),
        ClientFailure(
            testDescription: "a partitioner that chooses below 0", partitioner: Choosing(choice: -1),
            kind: .partitioner),
    ]

    /// What became of the record.
    struct Outcome {
        var future: DeliveryFuture
        /// Whether the future was done when `send` came back.
        var wasDone: Bool
        /// What the callback was told by the time `send` came back.
        var callbacks: [Witness.Told]
        /// What interceptors were told by then.
        var acknowledgements: [Witness.Told]
        /// What either was told, in order.
        var order: [String]
    }

    /// Sends the record.
    func run() throws -> Outcome {
        let broker = try ManualBroker(script)
        let (witness, told, order) = (Witness(), Log<Witness.Told>(), Log<String>())
        let producer = try broker.producer(
            keys, interceptors: [witness, Ordering(log: order)], partitioner: partitioner)
        if kind == .bufferExhausted {
            // Takes all the memory, and is not answered.
            try producer.send(ProducerRecord(topic: "t", partition: 0, value: "first"))
            _ = try broker.nextProduce()
        }
        let future = try producer.send(record) { metadata, error in
            order.append("callback")
            Witness.callback(told)(metadata, error)
        }
        let (wasDone, callbacks, acknowledgements) = (future.isDone, told.entries, witness.told.entries)
        let steps = order.entries
        try producer.close(timeout: .zero)
        #expect(told.entries == callbacks)
        #expect(witness.told.entries.count { $0.metadata.topic == record.topic } == (kind == .bufferExhausted ? 2 : 1))
        return Outcome(
            future: future, wasDone: wasDone, callbacks: callbacks, acknowledgements: acknowledgements, order: steps)
    }

    private struct Ordering: ProducerInterceptor {
        typealias Key = String
        typealias Value = String
        let log: Log<String>

        func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?) { log.append("onAcknowledgement") }
    }
}

import Logging
import Testing

@testable import KafkaProducer

@Suite struct InterceptorTests {
    struct Failure: Error {}

    /// Marks each value with its name, unless it is told to fail.
    struct Marking: ProducerInterceptor {
        let name: String
        var fails = false
        let log: Log<String>

        func onSend(_ record: ProducerRecord<String, String>) throws -> ProducerRecord<String, String> {
            var record = record
            record.value = (record.value ?? "") + name
            if fails { throw Failure() }
            return record
        }

        func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?) throws {
            log.append("\(name) \(metadata.topic)-\(metadata.partition) \(error?.name ?? "stored")")
            if fails { throw Failure() }
        }
    }

    let broker: Broker
    let log = Log<String>()

    init() throws { broker = try Broker() }

    @Test("1.2 Each interceptor sees the record that the one before it returned")
    func eachSeesTheRecordOfTheOneBefore() throws {
        let producer = try producer(["a", "b", "c"])
        try producer.send(ProducerRecord(topic: "t", partition: 0, value: "v"))
        try producer.close()
        #expect(try broker.texts("t").map(\.value) == ["vabc"])
        #expect(log.entries == ["a t-0 stored", "b t-0 stored", "c t-0 stored"])
    }

    @Test(
        "1.3 An interceptor that throws is logged and skipped, and the chain goes on with the last good record",
        arguments: ["a", "b", "c"])
    func whatThrowsIsSkipped(failing: String) throws {
        let warnings = Log<String>()
        let producer = try producer(["a", "b", "c"], failing: failing, logger: CapturedLog.logger(warnings))
        try producer.send(ProducerRecord(topic: "t", partition: 0, value: "v"))
        #expect(warnings.entries == ["interceptor Marking failed in onSend: Failure()"])
        try producer.close()
        #expect(try broker.texts("t").map(\.value) == ["v" + "abc".filter { String($0) != failing }])
    }

    @Test func theyAreToldOfFailuresThatSendFinds() throws {
        let producer = try producer(["a"], ["max.request.size": "500"])
        try producer.send(ProducerRecord(topic: "t", value: String(repeating: "x", count: 500)))
        try producer.send(ProducerRecord(topic: "", value: "v"))
        #expect(throws: KafkaError.self) { try producer.send(ProducerRecord(topic: "t", partition: -5, value: "v")) }
        try producer.close()
        #expect(throws: KafkaError.self) { try producer.send(ProducerRecord(topic: "t", partition: 1, value: "v")) }
        #expect(
            log.entries == [
                "a t--1 RECORD_TOO_LARGE", "a --1 INVALID_TOPIC_EXCEPTION", "a t--5 ILLEGAL_ARGUMENT",
                "a t-1 PRODUCER_CLOSED",
            ])
    }

    @Test("1.27 Interceptors are told of a record whose serializer fails")
    func theyAreToldOfASerializerThatFails() async throws {
        let failing = Serializer<String>(name: "failing") { _, _, _ in throw Failure() }
        let producer = try Producer(
            broker.configuration(), keySerializer: .string, valueSerializer: failing,
            interceptors: [Marking(name: "a", log: log)])
        let error = await #expect(throws: KafkaError.self) {
            try await producer.send(ProducerRecord(topic: "t", value: "v"))
        }
        #expect(error?.kind == .serialization)
        await producer.close()
        #expect(log.entries == ["a t--1 SERIALIZATION_FAILED"])
    }

    private func producer(
        _ names: [String], failing: String? = nil, _ keys: [String: String] = [:],
        logger: Logger = Logger(label: "test")
    ) throws -> Producer<String, String> {
        try Producer(
            broker.configuration(keys),
            interceptors: names.map { Marking(name: $0, fails: $0 == failing, log: log) }, logger: logger)
    }
}

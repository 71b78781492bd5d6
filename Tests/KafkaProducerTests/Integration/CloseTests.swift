import Testing

@testable import KafkaProducer

@Suite struct CloseTests {
    let broker: Broker
    let log = Log<String>()

    init() throws { broker = try Broker() }

    @Test("2.18 Closing or flushing a closed producer does nothing")
    func aClosedProducerTakesNothingAndWaitsForNothing() throws {
        let producer = try broker.producer()
        try producer.send(ProducerRecord(topic: "t", value: "v"))
        try producer.close()
        try producer.close()
        try producer.flush()
        let error = #expect(throws: KafkaError.self) { try producer.send(ProducerRecord(topic: "t", value: "v")) }
        #expect(error?.kind == .closed)
        let later = #expect(throws: KafkaError.self) { try producer.partitions(of: "new") }
        #expect(later?.kind == .closed)
    }

    @Test("2.18 Nor does it suspend")
    func closingTwiceAndFlushingAfterItSuspendForNothing() async throws {
        let producer = try broker.producer()
        try await producer.send(ProducerRecord(topic: "t", value: "v"))
        await producer.close()
        await producer.close()
        await producer.flush()
        await #expect(throws: KafkaError.self) { try await producer.send(ProducerRecord(topic: "t", value: "v")) }
    }

    @Test("2.20 A negative timeout is an error, and the producer stays open")
    func aNegativeTimeoutIsAnError() throws {
        let producer = try broker.producer()
        #expect(throws: KafkaError.self) { try producer.close(timeout: .milliseconds(-1)) }
        try producer.send(ProducerRecord(topic: "t", value: "v")).get()
        try producer.close()
    }

    @Test("2.17 Closing at once fails each record that lingers, once")
    func closingAtOnceFailsWhatIsLeftOnceEach() throws {
        let producer = try broker.producer(["linger.ms": "60000", "delivery.timeout.ms": "90000"])
        _ = try producer.partitions(of: "t")
        let futures = try (0..<100).map { number in
            try producer.send(ProducerRecord(topic: "t", partition: Int32(number % 3), value: "v")) { [log] _, error in
                log.append("\(number) \(error?.name ?? "stored")")
            }
        }
        try producer.close(timeout: .zero)
        #expect(futures.allSatisfy { $0.isDone })
        #expect(Set(log.entries) == Set((0..<100).map { "\($0) PRODUCER_CLOSED" }))
        #expect(log.entries.count == 100)
        #expect(producer.core.availableMemory == 33_554_432)
    }

    @Test func waitingInACallbackIsAnErrorAndClosingIsNot() throws {
        let producer = try broker.producer()
        let future = try producer.send(ProducerRecord(topic: "t", value: "v")) { [log] _, _ in
            do throws(KafkaError) { try producer.flush() } catch { log.append("flush: \(error.name)") }
            do throws(KafkaError) {
                try producer.send(ProducerRecord(topic: "unknown", value: "v")) { _, error in
                    log.append("send: \(error?.name ?? "")")
                }
                try producer.close()
                log.append("closed")
            } catch {
                log.append("close: \(error)")
            }
        }
        try future.get()
        try producer.close()
        #expect(log.entries == ["flush: ILLEGAL_STATE", "send: ILLEGAL_STATE", "closed"])
    }

    @Test func interceptorsAreClosedOnceAfterTheLastCompletion() throws {
        let producer = try broker.producer(
            ["linger.ms": "60000", "delivery.timeout.ms": "90000"], interceptors: [ClosingInterceptor(log: log)])
        try producer.send(ProducerRecord(topic: "t", value: "v"))
        try producer.close(timeout: .zero)
        try producer.close()
        #expect(log.entries == ["PRODUCER_CLOSED", "closed"])
    }

    @Test("2.11 flush sends all that lingers, and waits for it")
    func flushWaitsForAllThatWasSentWhateverTheLinger() throws {
        let producer = try broker.producer(["linger.ms": "60000", "delivery.timeout.ms": "90000"])
        let futures = try (0..<30).map {
            try producer.send(ProducerRecord(topic: "t", partition: Int32($0 % 3), value: "v"))
        }
        try producer.flush()
        #expect(futures.allSatisfy { $0.isDone })
        try producer.close()
    }

    @Test func withoutCloseWhatIsLeftFails() throws {
        var producer: Producer? = try broker.producer(["linger.ms": "60000", "delivery.timeout.ms": "90000"])
        let future = try #require(try producer?.send(ProducerRecord(topic: "t", value: "v")))
        producer = nil
        #expect(throws: KafkaError.self) { try future.get() }
    }

    private struct ClosingInterceptor: ProducerInterceptor {
        typealias Key = String
        typealias Value = String
        let log: Log<String>

        func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?) { log.append(error?.name ?? "stored") }
        func close() { log.append("closed") }
    }
}

import Testing

@testable import KafkaProducer

@Suite struct CloseRuleTests {
    /// Nothing goes by itself.
    static let lingering = ["linger.ms": "60000", "delivery.timeout.ms": "120000"]

    @Test("2.16 close sends what lingers and waits for it", arguments: [nil, Duration.seconds(60)])
    func closeIsGraceful(timeout: Duration?) throws {
        let broker = try Broker()
        let producer = try broker.producer(Self.lingering)
        let futures = try (0..<30).map {
            try producer.send(ProducerRecord(topic: "t", partition: Int32($0 % 3), value: "\($0)"))
        }
        try producer.close(timeout: timeout)
        #expect(futures.allSatisfy { $0.isDone })
        for future in futures { try future.get() }
        #expect(try (0..<3).map { try broker.records("t", partition: $0).count } == [10, 10, 10])
    }

    @Test("2.16 The suspending close does so too")
    func closeSuspends() async throws {
        let broker = try Broker()
        let producer = try broker.producer(Self.lingering)
        let future = try producer.send(ProducerRecord(topic: "t", partition: 0, value: "v"), onCompletion: nil)
        await producer.close()
        #expect(future.isDone)
        #expect(try broker.records("t").count == 1)
    }

    @Test("2.17 What is in flight at the end of the time fails, and a late answer changes nothing")
    func closeIsForceful() throws {
        let broker = try ManualBroker()
        let told = Log<Witness.Told>()
        let producer = try broker.producer()
        let future = try producer.send(
            ProducerRecord(topic: "t", partition: 0, value: "v"), onCompletion: Witness.callback(told))
        let arrival = try broker.nextProduce()
        try producer.close(timeout: .milliseconds(20))
        arrival.answer()
        #expect(future.isDone)
        let error = #expect(throws: KafkaError.self) { try future.get() }
        #expect(error?.kind == .closed)
        #expect(told.entries.map(\.error) == [error])
        try eventually { producer.core.availableMemory == 33_554_432 }
    }

    @Test("2.18 Who closes again waits for the close that is under way")
    func closingTwice() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer()
        let future = try producer.send(ProducerRecord(topic: "t", partition: 0, value: "v"))
        let arrival = try broker.nextProduce()
        let closings = (0..<3).map { _ in
            Background {
                Result {
                    try producer.close()
                    return future.isDone
                }
            }
        }
        try eventually { producer.isClosing }
        arrival.answer()
        for closing in closings { #expect(try closing.result().get()) }
        try future.get()
    }

    @Test("2.19 close in a callback waits for nothing, whatever the timeout", arguments: [nil, Duration.seconds(60)])
    func closeInACallback(timeout: Duration?) throws {
        let broker = try ManualBroker(.init(partitions: 2))
        let log = Log<String>()
        let producer = try broker.producer(Self.lingering)
        let first = try producer.send(ProducerRecord(topic: "t", partition: 0, value: "v")) { _, _ in
            do throws(KafkaError) {
                try producer.close(timeout: timeout)
                log.append("closed")
            } catch {
                log.append("\(error)")
            }
        }
        let flushing = Background { Result { try producer.flush() } }
        let arrival = try broker.nextProduce()
        // Lingers when the producer is closed.
        let second = try producer.send(ProducerRecord(topic: "t", partition: 1, value: "v")) { _, error in
            log.append(error?.name ?? "stored")
        }
        arrival.answer()
        try flushing.result().get()
        try first.get()
        let error = #expect(throws: KafkaError.self) { try second.get() }
        #expect(error?.kind == .closed)
        try producer.close()
        #expect(log.entries == ["closed", "PRODUCER_CLOSED"])
        #expect(broker.hasNoMore)
    }

    @Test("2.21 Interceptors are closed first, then the serializers and the partitioner, after the last completion")
    func orderOfClosing() throws {
        let broker = try Broker()
        let log = Log<String>()
        var configuration = try broker.configuration(Self.lingering)
        configuration.partitioner = .custom(ClosingPartitioner(log: log))
        let producer = try Producer<String, String>(
            configuration, keySerializer: Serializer.string.onClose { log.append("key") },
            valueSerializer: Serializer.string.converting { $0 }.onClose { log.append("value") },
            interceptors: [Closing("first", log), Closing("second", log)])
        try producer.send(ProducerRecord(topic: "t", value: "v")) { _, _ in log.append("completed") }
        try producer.close()
        try producer.close()
        #expect(log.entries == ["completed", "first", "second", "key", "value", "partitioner"])
    }

    private struct Closing: ProducerInterceptor {
        typealias Key = String
        typealias Value = String
        let name: String
        let log: Log<String>

        init(_ name: String, _ log: Log<String>) {
            self.name = name
            self.log = log
        }

        func close() { log.append(name) }
    }

    private final class ClosingPartitioner: Partitioner {
        let log: Log<String>

        init(log: Log<String>) { self.log = log }

        func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) -> Int32? { nil }
        func close() { log.append("partitioner") }
    }
}

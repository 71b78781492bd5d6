import KafkaWire
import Logging
import Testing

@testable import KafkaProducer

/// What a record's interceptors, callback and future are told, and when.
@Suite struct CompletionTests {
    let record = ProducerRecord<String, String>(topic: "t", partition: 0, key: "key", value: "value")

    @Test("2.1 On the I/O thread onAcknowledgement comes first, then the callback")
    func interceptorsComeFirst() throws {
        let order = Log<String>()
        let broker = try Broker()
        let producer = try broker.producer(interceptors: [Naming("a", order), Naming("b", order)])
        try producer.send(record) { _, _ in order.append("callback, I/O \(CurrentThread().isIO)") }.get()
        #expect(order.entries == ["a, I/O true", "b, I/O true", "callback, I/O true"])
        try producer.close()
    }

    @Test("2.2 What an interceptor throws in onAcknowledgement or close is logged, and all others run")
    func throwingInterceptorsAreLogged() throws {
        let (order, warnings) = (Log<String>(), Log<String>())
        let broker = try Broker()
        let producer = try Producer(
            broker.configuration(),
            interceptors: [Naming("a", order, fails: true), Naming("b", order)],
            logger: CapturedLog.logger(warnings))
        let metadata = try producer.send(record) { _, error in order.append("callback \(error?.name ?? "stored")") }
            .get()
        #expect(metadata.offset == 0)
        try producer.close()
        #expect(
            order.entries == [
                "a, I/O true", "b, I/O true", "callback stored", "a closed", "b closed",
            ])
        #expect(warnings.entries.count == 2)
        #expect(warnings.entries.first?.contains("failed in onAcknowledgement: Failure") == true)
        #expect(warnings.entries.last?.contains("failed in close: Failure") == true)
    }

    @Test("2.4 Callbacks come in the order of send within a partition, though batches are repeated")
    func callbacksKeepTheOrder() throws {
        let broker = try ManualBroker()
        let order = Log<String>()
        // Each record is a batch of its own, and several are on the wire.
        let producer = try broker.producer(["batch.size": "0", "linger.ms": "0"])
        func send(_ value: String) throws {
            try producer.send(ProducerRecord(topic: "t", partition: 0, value: value)) { _, _ in order.append(value) }
        }
        try send("0")
        try broker.nextProduce().answer()
        for value in ["1", "2", "3"] { try send(value) }
        let arrivals = try (0..<3).map { _ in try broker.nextProduce() }
        arrivals[0].refuse(.notEnoughReplicas)
        for arrival in arrivals[1...] { arrival.refuse(.outOfOrderSequenceNumber) }
        for value in ["1", "2", "3"] {
            let arrival = try broker.nextProduce()
            #expect(arrival.values == [value])
            arrival.answer()
        }
        try producer.close()
        #expect(order.entries == ["0", "1", "2", "3"])
    }

    @Test("2.5 A future is not done before all callbacks of its batch have run")
    func futuresComeLast() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer(["linger.ms": "60000", "delivery.timeout.ms": "120000"])
        let (futures, seen) = (Log<DeliveryFuture>(), Log<Bool>())
        for _ in 0..<3 {
            futures.append(try producer.send(record) { _, _ in seen.append(futures.entries.contains { $0.isDone }) })
        }
        let flushing = Background { Result { try producer.flush() } }
        try broker.nextProduce().answer()
        try flushing.result().get()
        #expect(seen.entries == [false, false, false])
        #expect(futures.entries.allSatisfy { $0.isDone })
        try producer.close()
    }

    @Test("2.6 A record's offset is that of its batch and its place in it")
    func offsetsCountFromTheBatch() throws {
        let answers = try metadata(of: 3) { $0.baseOffset = 40 }
        #expect(answers.map(\.offset) == [40, 41, 42])
        #expect(answers.map(\.partition) == [0, 0, 0])
        #expect(answers.map(\.topic) == ["t", "t", "t"])
    }

    @Test("2.7 With acks=0 nothing is waited for, and the offset is -1")
    func withoutAcknowledgement() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer(["acks": "0"])
        let metadata = try producer.send(
            ProducerRecord(topic: "t", partition: 0, timestamp: 5, key: nil, value: "value")
        ).get()
        #expect(
            metadata
                == RecordMetadata(
                    topic: "t", partition: 0, offset: -1, timestamp: 5, serializedKeySize: -1, serializedValueSize: 5))
        #expect(try broker.nextProduce().acks == 0)
        try producer.close()
    }

    @Test("2.8 DUPLICATE_SEQUENCE_NUMBER is success, at offset -1", arguments: [-1, 7] as [Int64])
    func duplicatesAreStored(baseOffset: Int64) throws {
        let answers = try metadata(of: 2) {
            $0.errorCode = .duplicateSequenceNumber
            $0.baseOffset = baseOffset
        }
        #expect(answers.map(\.offset) == [-1, -1])
        #expect(answers.map(\.serializedValueSize) == [5, 5])
    }

    @Test("2.9 The timestamp is the broker's where it gives one, else the record's", arguments: [-1, 99] as [Int64])
    func logAppendTime(time: Int64) throws {
        let answers = try metadata(of: 2) { $0.logAppendTimeMs = time }
        #expect(answers.map(\.timestamp) == (time < 0 ? [1000, 1001] : [99, 99]))
    }

    @Test("2.10 Serialized sizes are in bytes, and -1 for null")
    func serializedSizes() throws {
        let broker = try Broker()
        let producer = try broker.producer()
        let full = try producer.send(ProducerRecord(topic: "t", key: "é", value: "")).get()
        #expect(full.serializedKeySize == 2 && full.serializedValueSize == 0)
        let null = try producer.send(ProducerRecord(topic: "t", key: nil, value: nil)).get()
        #expect(null.serializedKeySize == -1 && null.serializedValueSize == -1)
        try producer.close()
    }

    /// Sends records in one batch, which gets that answer.
    private func metadata(
        of count: Int, _ edit: @escaping @Sendable (inout ProduceArrival.Answer) -> Void
    ) throws -> [RecordMetadata] {
        let broker = try ManualBroker()
        let producer = try broker.producer(["linger.ms": "60000", "delivery.timeout.ms": "120000"])
        let futures = try (0..<count).map {
            try producer.send(ProducerRecord(topic: "t", partition: 0, timestamp: 1000 + Int64($0), value: "value"))
        }
        let flushing = Background { Result { try producer.flush() } }
        try broker.nextProduce().answer(edit)
        try flushing.result().get()
        try producer.close()
        return try futures.map { try $0.get() }
    }

    private struct Failure: Error {}

    /// Notes its name at each call, and may throw.
    private struct Naming: ProducerInterceptor {
        typealias Key = String
        typealias Value = String
        let name: String
        let log: Log<String>
        let fails: Bool

        init(_ name: String, _ log: Log<String>, fails: Bool = false) {
            self.name = name
            self.log = log
            self.fails = fails
        }

        func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?) throws {
            log.append("\(name), I/O \(CurrentThread().isIO)")
            if fails { throw Failure() }
        }

        func close() throws {
            log.append("\(name) closed")
            if fails { throw Failure() }
        }
    }
}

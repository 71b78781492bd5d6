import DevBroker
import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct SendTests {
    let broker: Broker

    init() throws { broker = try Broker() }

    @Test func aRecordIsSentInEachOfTheFourWays() async throws {
        let producer = try broker.producer()
        let log = Log<Int64>()
        try producer.send(ProducerRecord(topic: "t", partition: 0, value: "forgotten"), onCompletion: nil)
        let future = try producer.send(ProducerRecord(topic: "t", partition: 0, value: "sync"), onCompletion: nil)
        #expect(try future.get().offset == 1)
        try producer.send(ProducerRecord(topic: "t", partition: 0, value: "async")) { metadata, _ in
            log.append(metadata.offset)
        }
        #expect(try await producer.send(ProducerRecord(topic: "t", partition: 0, value: "awaited")).offset == 3)
        await producer.close()
        #expect(log.entries == [2])
        #expect(try broker.texts("t").map(\.value) == ["forgotten", "sync", "async", "awaited"])
    }

    @Test(arguments: Compression.allCases) func eachCompressionArrives(codec: Compression) throws {
        let producer = try broker.producer(["compression.type": codec.name])
        for number in 0..<100 { try producer.send(ProducerRecord(topic: "t", partition: 1, value: "value \(number)")) }
        try producer.close()
        #expect(try broker.texts("t", partition: 1).map(\.value) == (0..<100).map { "value \($0)" })
    }

    @Test(arguments: ["all", "1", "0"], ["true", "false"]) func eachAcksArrives(acks: String, idempotence: String)
        throws
    {
        if acks != "all", idempotence == "true" { return }
        let producer = try broker.producer(["acks": acks, "enable.idempotence": idempotence])
        let futures = try (0..<10).map { try producer.send(ProducerRecord(topic: "t", partition: 0, value: "\($0)")) }
        try producer.flush()
        #expect(
            try futures.map { try $0.get().offset } == (acks == "0" ? Array(repeating: -1, count: 10) : Array(0..<10)))
        // An answer on the same connection comes after what was sent without one.
        try producer.close()
        let reader = try broker.producer()
        try reader.send(ProducerRecord(topic: "other", value: "v")).get()
        if acks != "0" { #expect(try broker.texts("t").count == 10) }
        try reader.close()
    }

    @Test func headersAndNullsArriveAsTheyAre() throws {
        let producer = try broker.producer()
        var headers: Headers = ["trace": "1", "empty": nil]
        headers.add("trace", bytes: [0xff])
        let metadata = try producer.send(
            ProducerRecord(topic: "t", partition: 2, timestamp: 1234, key: nil, value: nil, headers: headers)
        ).get()
        #expect(metadata == RecordMetadata(topic: "t", partition: 2, offset: 0, timestamp: 1234))
        let record = try #require(try broker.records("t", partition: 2).first)
        #expect(record == Record(offset: 0, timestamp: 1234, headers: Array(headers)))
        try producer.close()
    }

    @Test func withoutBatchSizeEachRecordTravelsAlone() throws {
        let producer = try broker.producer(["batch.size": "0", "linger.ms": "60000", "delivery.timeout.ms": "120000"])
        for number in 0..<20 { try producer.send(ProducerRecord(topic: "t", partition: 0, value: "\(number)")).get() }
        #expect(try broker.texts("t").map(\.value) == (0..<20).map { "\($0)" })
        try producer.close()
    }

    @Test func aRecordThatIsTooLargeFailsAtOnce() throws {
        let log = Log<KafkaError?>()
        let producer = try broker.producer(["max.request.size": "1000"])
        let future = try producer.send(
            ProducerRecord(topic: "t", value: String(repeating: "x", count: 1000))
        ) { _, error in log.append(error) }
        let error = #expect(throws: KafkaError.self) { try future.get() }
        #expect(error?.kind == .recordTooLarge)
        #expect(error?.message.contains("max.request.size=1000") == true)
        #expect(log.entries == [error])
        try producer.close()
    }

    @Test(arguments: ["", String(repeating: "x", count: 250), String(repeating: "x", count: 40_000), "a/b"])
    func aTopicThatCannotBeFailsAndHarmsNobody(name: String) throws {
        let producer = try broker.producer()
        let error = #expect(throws: KafkaError.self) {
            try producer.send(ProducerRecord(topic: name, value: "v")).get()
        }
        #expect(error?.code == .invalidTopicException)
        try producer.send(ProducerRecord(topic: "t", value: "v")).get()
        try producer.close()
    }

    @Test("1.5 A partition that does not come is waited for no longer than max.block.ms")
    func aPartitionThatIsNotThereIsWaitedForAndNamed() throws {
        let producer = try broker.producer(["max.block.ms": "200"])
        try producer.send(ProducerRecord(topic: "t", value: "v")).get()
        let error = #expect(throws: KafkaError.self) {
            try producer.send(ProducerRecord(topic: "t", partition: 3, value: "v")).get()
        }
        #expect(
            error?.message == "partition 3 of topic 't' not present in metadata after 200 ms (max.block.ms): it has 3")
        try producer.close()
    }

    @Test func whatCannotBeIsThrown() throws {
        let producer = try broker.producer()
        #expect(throws: KafkaError(.illegalArgument, "partition -1: partitions count from 0")) {
            try producer.send(ProducerRecord(topic: "t", partition: -1, value: "v"))
        }
        #expect(throws: KafkaError(.illegalArgument, "timestamp -1: timestamps count from 1970")) {
            try producer.send(ProducerRecord(topic: "t", timestamp: -1, value: "v"))
        }
        try producer.close()
    }

    @Test("1.19 Memory that stays exhausted for max.block.ms fails the record")
    func exhaustedMemoryBlocksAndThenFails() throws {
        let producer = try broker.producer([
            "buffer.memory": "40000", "batch.size": "16384", "max.block.ms": "150", "linger.ms": "60000",
            "delivery.timeout.ms": "90000",
        ])
        // Leaders are known, and then the broker goes away: nothing gives memory back.
        _ = try producer.partitions(of: "t")
        try broker.broker.shutdownBlocking()
        let value = String(repeating: "x", count: 12_000)
        let futures = try (0..<3).map { _ in try producer.send(ProducerRecord(topic: "t", partition: 0, value: value)) }
        let error = #expect(throws: KafkaError.self) { try futures[2].get() }
        #expect(error?.kind == .bufferExhausted)
        #expect(error?.message.contains("buffer.memory=40000 stayed exhausted for 150 ms (max.block.ms)") == true)
        try producer.close(timeout: .zero)
        for future in futures[..<2] { #expect(throws: KafkaError.self) { try future.get() } }
    }

    /// Half-full batches go for the sake of those who wait, whatever their linger.
    @Test("1.18 Who waits for memory goes on as batches give it back")
    func exhaustedMemoryBlocksUntilThereIsSome() throws {
        let producer = try broker.producer([
            "buffer.memory": "40000", "linger.ms": "60000", "delivery.timeout.ms": "90000",
        ])
        let value = String(repeating: "x", count: 12_000)
        for _ in 0..<20 { try producer.send(ProducerRecord(topic: "t", partition: 0, value: value)) }
        try producer.close()
        #expect(try broker.records("t").count == 20)
        #expect(producer.core.availableMemory == 40_000)
    }

    @Test func exhaustedMemorySuspendsUntilThereIsSome() async throws {
        let producer = try broker.producer(["buffer.memory": "40000", "max.block.ms": "600000"])
        let value = String(repeating: "x", count: 12_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    _ = try await producer.send(ProducerRecord(topic: "t", partition: 0, value: value))
                }
            }
            try await group.waitForAll()
        }
        await producer.close()
        #expect(try broker.records("t").count == 40)
        #expect(producer.core.availableMemory == 40_000)
    }
}

import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct BatchCompletionTests {
    let partition = TestPartition()
    let log = Log<String>()

    @Test("2.5 A batch's callbacks run in order, and futures are done after them")
    func callbacksRunInOrderAndFuturesAfterThem() throws {
        let futures = try ["a", "b", "c"].map { name in
            try #require(partition.append(key: name, callback: note(name)).map(\.future))
        }
        futures[0].whenDone { [log] _, _ in log.append("future a") }
        let batch = try #require(partition.queue.take(sealing: true))
        batch.succeed(baseOffset: 10, logAppendTime: nil)
        #expect(log.entries == ["a@10", "b@11", "c@12", "future a"])
        #expect(try futures.map { try $0.get().offset } == [10, 11, 12])
    }

    @Test("3.21 The first outcome of a batch is the only one")
    func theFirstOutcomeIsTheOnlyOne() throws {
        let future = try #require(partition.append(callback: note("a"))).future
        let batch = try #require(partition.queue.take(sealing: true))
        batch.fail(KafkaError(.timeout, "late"))
        batch.succeed(baseOffset: 10, logAppendTime: nil)
        batch.fail(KafkaError(.closed, "later"))
        #expect(log.entries == ["a: late"])
        #expect(throws: KafkaError(.timeout, "late")) { try future.get() }
    }

    @Test func metadataSaysSizesAndMinusOneForNull() throws {
        let full = try #require(partition.append(key: "key", value: "value", timestamp: 5)).future
        let null = try #require(partition.append(key: nil, value: nil, timestamp: 4)).future
        try #require(partition.queue.take(sealing: true)).succeed(baseOffset: 0, logAppendTime: nil)
        #expect(
            try full.get()
                == RecordMetadata(
                    topic: "orders", partition: 3, offset: 0, timestamp: 5, serializedKeySize: 3, serializedValueSize: 5
                ))
        #expect(try null.get() == RecordMetadata(topic: "orders", partition: 3, offset: 1, timestamp: 4))
    }

    @Test func theBrokersTimeCountsWhereItGivesOne() throws {
        let future = try #require(partition.append()).future
        try #require(partition.queue.take(sealing: true)).succeed(baseOffset: 0, logAppendTime: 99)
        #expect(try future.get().timestamp == 99)
    }

    @Test func offsetsStayUnknownWhereTheBrokerNamesNone() throws {
        let futures = try (0..<2).map { _ in try #require(partition.append(callback: note("r"))).future }
        try #require(partition.queue.take(sealing: true)).succeed(baseOffset: -1, logAppendTime: nil)
        #expect(try futures.map { try $0.get().offset } == [-1, -1])
        #expect(log.entries == ["r@-1", "r@-1"])
    }

    @Test func recordsThatTheBrokerNamesFailWithAnErrorOfTheirOwn() throws {
        for name in ["a", "b"] { partition.append(callback: note(name)) }
        let batch = try #require(partition.queue.take(sealing: true))
        batch.fail(KafkaError(.broker, "bystander"), exceptions: [1: KafkaError(.broker, "to blame")])
        #expect(log.entries == ["a: bystander", "b: to blame"])
    }

    @Test("3.23 Memory is not given back while a socket may read it")
    func memoryStaysWhileASocketMayReadIt() throws {
        partition.append()
        let batch = try #require(partition.queue.take(sealing: true))
        batch.writesUnderWay = 1
        #expect(batch.takeIdleChunk() == nil)
        batch.succeed(baseOffset: 0, logAppendTime: nil)
        #expect(batch.takeIdleChunk() == nil)
        batch.writesUnderWay = 0
        #expect(batch.takeIdleChunk()?.size == 200)
        #expect(batch.takeIdleChunk() == nil)
    }

    private func note(_ name: String) -> DeliveryCallback {
        { [log] metadata, error in log.append(error.map { "\(name): \($0.message)" } ?? "\(name)@\(metadata.offset)") }
    }
}

import KafkaWire
import Testing

@testable import KafkaProducer

/// When a batch goes, and what goes with it.
@Suite struct BatchReadinessTests {
    /// Nothing goes by itself.
    static let lingering = ["linger.ms": "60000", "delivery.timeout.ms": "120000"]

    private func record(_ value: String, to partition: Int32 = 0) -> ProducerRecord<String, String> {
        ProducerRecord(topic: "t", partition: partition, value: value)
    }

    @Test("3.1 A full batch goes at once, whatever the linger")
    func aFullBatchGoes() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer(Self.lingering.merging(["batch.size": "300"], uniquingKeysWith: { $1 }))
        let values = (0..<3).map { String(repeating: "\($0)", count: 90) }
        for value in values { try producer.send(record(value)) }
        // The third has no room beside the first two.
        let arrival = try broker.nextProduce()
        #expect(arrival.values == Array(values[..<2]))
        arrival.answer()
        try producer.close(timeout: .zero)
    }

    @Test("3.2 A batch with room stays until its linger is over, though others of its node go")
    func aBatchLingers() throws {
        let broker = try ManualBroker(.init(partitions: 2))
        let producer = try broker.producer(Self.lingering.merging(["batch.size": "300"], uniquingKeysWith: { $1 }))
        let lingering = try producer.send(record("lingers"))
        let full = String(repeating: "x", count: 250)
        // It has a batch of its own, without room for anything else.
        let first = try producer.send(record(full, to: 1))
        let arrival = try broker.nextProduce()
        #expect(arrival.batches.map(\.partition) == [1])
        arrival.answer()
        try first.get()
        #expect(!lingering.isDone)
        #expect(broker.hasNoMore)
        try producer.close(timeout: .zero)
    }

    @Test("3.2 The end of its linger sends a batch", arguments: ["0", "1", "50"])
    func lingerEnds(linger: String) throws {
        let broker = try ManualBroker()
        let producer = try broker.producer(["linger.ms": linger])
        let future = try producer.send(record("v"))
        try broker.nextProduce().answer()
        try future.get()
        try producer.close()
    }

    @Test("3.2 Linger counts from a batch's first record")
    func lingerCountsFromTheFirst() throws {
        let partition = TestPartition()
        partition.append()
        let since = try #require(partition.queue.contents().openSince)
        for _ in 0..<3 { partition.append() }
        #expect(partition.queue.contents().openSince == since)
    }

    @Test("3.4 Batches with room go at once while somebody waits for memory")
    func batchesGoForThoseWhoWait() throws {
        let it = try TimedProducer.established(
            Self.lingering.merging(["batch.size": "200", "buffer.memory": "400"]) { $1 }, .init(partitions: 3))
        // Two batches, and that is all the memory there is.
        for partition in 0..<2 as Range<Int32> { try it.send("v", to: partition) }
        #expect(it.network.arrivals.isEmpty)
        var progress = ProducerCore.Progress()
        let attempt = try Array("w".utf8).withUnsafeBytes { value in
            try it.core.attempt(
                &progress, RecordBytes(key: nil, value: value, timestamp: 1), to: it.topic, partition: 2,
                headers: Headers(), callback: nil)
        }
        guard case .mustWait = attempt else { throw KafkaError(.illegalState, "there was memory left") }
        it.settle()
        #expect(it.network.arrivals.flatMap(\.batches).map(\.values) == [["v"], ["v"]])
        _ = it.core.timedOut(&progress, topic: it.topic, partition: 2, callback: nil)
        try it.close()
    }

    @Test("3.5 A batch with room goes at once while the producer flushes or closes", arguments: ["flush", "close"])
    func nobodyLingersAtTheEnd(call: String) throws {
        let broker = try ManualBroker()
        let producer = try broker.producer(Self.lingering)
        let future = try producer.send(record("v"))
        let ending = Background { Result { if call == "flush" { try producer.flush() } else { try producer.close() } } }
        try broker.nextProduce().answer()
        try ending.result().get()
        try future.get()
        try producer.close()
    }

    @Test("3.7 A request takes one batch of each partition in turn, up to max.request.size")
    func partitionsTakeTurns() throws {
        let broker = try ManualBroker(.init(partitions: 4))
        // Each record is a batch, and two of them fill a request.
        let producer = try broker.producer([
            "batch.size": "0", "linger.ms": "0", "max.in.flight.requests.per.connection": "1",
            "max.request.size": "400",
        ])
        func send(_ name: String, to partition: Int32) throws {
            try producer.send(record(name + String(repeating: "-", count: 100), to: partition))
        }
        try send("first", to: 0)
        let first = try broker.nextProduce()
        for name in ["a1", "a2", "a3"] { try send(name, to: 0) }
        for name in ["b1", "b2"] { try send(name, to: 1) }
        try send("c1", to: 2)
        try send("d1", to: 3)
        // All of them are known to the sender before the answer comes.
        try producer.settleSends()
        first.answer()
        var requests: [[String]] = []
        for _ in 0..<4 {
            let arrival = try broker.nextProduce()
            requests.append(arrival.batches.map { String($0.values[0].prefix(2)) })
            arrival.answer()
        }
        #expect(requests == [["b1", "c1"], ["d1", "a1"], ["b2", "a2"], ["a3"]])
        try producer.close()
    }

    @Test("3.8 A batch that alone is larger than max.request.size still goes")
    func aLargeBatchGoesAlone() throws {
        let broker = try ManualBroker(.init(partitions: 2))
        let producer = try broker.producer(
            Self.lingering.merging(["max.request.size": "300"], uniquingKeysWith: { $1 }))
        let values = (0..<8).map { String(repeating: "\($0)", count: 100) }
        for value in values { try producer.send(record(value)) }
        try producer.send(record("other", to: 1))
        let flushing = Background { Result { try producer.flush() } }
        let requests = try (0..<2).map { _ in try broker.nextProduce() }
        for request in requests { request.answer() }
        try flushing.result().get()
        #expect(Set(requests.map(\.values)) == [values, ["other"]])
        try producer.close()
    }

    @Test("3.9 A batch gets its sequence when it is sent, counted in records of its partition")
    func sequencesAreGivenAtDrain() throws {
        let partition = TestPartition()
        partition.append()
        #expect(partition.queue.take(sealing: true)?.baseSequence == -1)

        let broker = try ManualBroker(.init(partitions: 2))
        let producer = try broker.producer(Self.lingering)
        var sequences: [Int32: [Int32]] = [:]
        for count in [2, 3, 1] {
            for partition in 0..<2 as Range<Int32> {
                for number in 0..<count { try producer.send(record("\(number)", to: partition)) }
                let flushing = Background { Result { try producer.flush() } }
                let arrival = try broker.nextProduce()
                for batch in arrival.batches { sequences[batch.partition, default: []].append(batch.baseSequence) }
                arrival.answer()
                try flushing.result().get()
            }
        }
        #expect(sequences == [0: [0, 2, 5], 1: [0, 2, 5]])
        try producer.close()
    }
}

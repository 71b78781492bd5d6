import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct PartitionChoiceTests {
    @Test("1.12 A key's partition is counted among all, those without a leader too")
    func aKeyKeepsItsPartition() throws {
        let key = "key-6"
        let partition = (hash(key) & 0x7fff_ffff) % 4
        let broker = try ManualBroker(.init(partitions: 4, leaders: [partition: -1]))
        let producer = try broker.producer()
        let future = try producer.send(ProducerRecord(topic: "t", key: key, value: "v"))
        for _ in 0..<2 { _ = try broker.nextQuestion() }
        broker.change { $0.leaders = [:] }
        let arrival = try broker.nextProduce()
        #expect(arrival.batches.map(\.partition) == [partition])
        arrival.answer()
        #expect(try future.get().partition == partition)
        try producer.close()
    }

    @Test("1.12 A negative hash loses its sign, as Java's does")
    func aNegativeHash() throws {
        // murmur2 of it has the highest bit set.
        let key = try #require((0...).lazy.map { "k\($0)" }.first { hash($0) < 0 })
        let broker = try Broker(partitions: 7)
        let producer = try broker.producer()
        let expected = (hash(key) & 0x7fff_ffff) % 7
        #expect(try producer.send(ProducerRecord(topic: "t", key: key, value: "v")).get().partition == expected)
        try producer.close()
    }

    @Test("1.14 Records without a key stay together as long as their batch is open")
    func recordsWithoutAKeyStick() throws {
        let broker = try Broker(partitions: 8)
        let producer = try broker.producer(["linger.ms": "60000", "delivery.timeout.ms": "120000"])
        let futures = try (0..<50).map { try producer.send(ProducerRecord(topic: "t", value: "\($0)")) }
        try producer.flush()
        #expect(Set(try futures.map { try $0.get().partition }).count == 1)
        try producer.close()
    }

    @Test("1.11 A partitioner that throws fails that record, and others go on")
    func aPartitionerThatThrows() throws {
        final class Failing: Partitioner {
            func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) throws -> Int32? {
                if record.keyEquals("bad") { throw Inbox<Void>.NothingCame() }
                return 1
            }
        }
        let broker = try Broker()
        let producer = try broker.producer(partitioner: Failing())
        let bad = try producer.send(ProducerRecord(topic: "t", key: "bad", value: "v"))
        let error = #expect(throws: KafkaError.self) { try bad.get() }
        #expect(error?.kind == .partitioner)
        #expect(error?.message.contains("NothingCame") == true)
        #expect(try producer.send(ProducerRecord(topic: "t", key: "good", value: "v")).get().partition == 1)
        try producer.close()
    }

    @Test("7.7 Without a key no partition is chosen that has no leader, as long as others have one")
    func partitionsWithoutALeaderAreLeftOut() throws {
        let broker = try ManualBroker(.init(partitions: 4, leaders: [0: -1, 1: -1, 3: -1]))
        let producer = try broker.producer(["batch.size": "0"])
        for _ in 0..<12 {
            let future = try producer.send(ProducerRecord(topic: "t", value: "v"))
            #expect(try future.get(answering: broker).partition == 2)
        }
        try producer.close()
    }

    @Test("1.21 A partitioner that is told of new batches is asked at most twice for a record")
    func askedAtMostTwice() throws {
        let roaming = Roaming()
        let broker = try Broker(partitions: 8)
        // Each record fills a batch, so that both of the partitions that it is given would need a new one.
        let producer = try broker.producer(["batch.size": "0"], partitioner: roaming)
        for number in 0..<3 { try producer.send(ProducerRecord(topic: "t", value: "\(number)")).get() }
        try producer.close()
        #expect(
            roaming.log.entries == [
                "chose 0", "new batch in 0", "chose 1", "chose 2", "new batch in 2", "chose 3", "chose 4",
                "new batch in 4", "chose 5",
            ])
        #expect(try (0..<8).map { try broker.records("t", partition: $0).count } == [0, 1, 0, 1, 0, 1, 0, 0])
    }

    private func hash(_ key: String) -> Int32 { Array(key.utf8).withUnsafeBytes { Murmur2.hash($0) } }

    /// Chooses another partition each time that it is asked.
    private final class Roaming: Partitioner {
        let log = Log<String>()
        var observesNewBatches: Bool { true }

        func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) -> Int32? {
            let next = log.entries.count { $0.hasPrefix("chose") }
            log.append("chose \(next)")
            return Int32(next)
        }

        func onNewBatch(topic: String, partitions: TopicPartitions, previous: Int32) {
            log.append("new batch in \(previous)")
        }
    }
}

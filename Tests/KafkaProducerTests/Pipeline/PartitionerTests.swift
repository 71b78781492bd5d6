import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct PartitionerTests {
    /// Chooses what it is told to, and notes what it is asked.
    struct Fixed: Partitioner {
        var choice: Int32?
        var observesNewBatches = false
        let log = Log<String>()

        func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) -> Int32? {
            log.append("partition")
            return choice
        }

        func onNewBatch(topic: String, partitions: TopicPartitions, previous: Int32) {
            log.append("new batch \(previous)")
        }
        func close() { log.append("close") }
    }

    let broker: Broker

    init() throws { broker = try Broker(partitions: 8) }

    @Test(
        "1.10 The record's partition goes before the partitioner, this before the key, and the key before the sticky one"
    )
    func explicitGoesBeforeCustomBeforeKeyBeforeSticky() throws {
        let custom = try broker.producer(partitioner: Fixed(choice: 5))
        #expect(
            try custom.send(ProducerRecord(topic: "t", partition: 2, key: "key-6", value: "v")).get().partition == 2)
        #expect(try custom.send(ProducerRecord(topic: "t", key: "key-6", value: "v")).get().partition == 5)
        try custom.close()
        let undecided = try broker.producer(partitioner: Fixed(choice: nil))
        #expect(try undecided.send(ProducerRecord(topic: "t", key: "key-6", value: "v")).get().partition == 4)
        #expect(try (0..<8).contains(undecided.send(ProducerRecord(topic: "t", value: "v")).get().partition))
        try undecided.close()
    }

    @Test("1.11 A partitioner that chooses out of range fails that record", arguments: [-1, 8, Int32.max])
    func aPartitionOutOfRangeFailsThatRecord(choice: Int32) throws {
        let producer = try broker.producer(partitioner: Fixed(choice: choice))
        let error = #expect(throws: KafkaError.self) { try producer.send(ProducerRecord(topic: "t", value: "v")).get() }
        #expect(error?.kind == .partitioner)
        #expect(error?.message == "the partitioner chose partition \(choice) of topic 't', which has 8, from 0")
        try producer.send(ProducerRecord(topic: "t", partition: 0, value: "v")).get()
        try producer.close()
    }

    @Test("1.21 A partitioner that watches batches is asked once more for a new one")
    func aPartitionerThatWatchesBatchesIsAskedOnceMoreForANewOne() throws {
        let fixed = Fixed(choice: 1, observesNewBatches: true)
        let producer = try broker.producer(["linger.ms": "60000", "delivery.timeout.ms": "90000"], partitioner: fixed)
        for _ in 0..<3 { try producer.send(ProducerRecord(topic: "t", value: "v")) }
        try producer.close()
        #expect(fixed.log.entries == ["partition", "new batch 1", "partition", "partition", "partition", "close"])
    }

    @Test("1.22 A partitioner that does not is asked once")
    func aPartitionerThatDoesNotIsAskedOnce() throws {
        let fixed = Fixed(choice: 1)
        let producer = try broker.producer(["batch.size": "0"], partitioner: fixed)
        for _ in 0..<3 { try producer.send(ProducerRecord(topic: "t", value: "v")) }
        try producer.close()
        #expect(fixed.log.entries == ["partition", "partition", "partition", "close"])
    }

    @Test("7.8 round_robin skips no partition", arguments: ["0", "16384"])
    func roundRobinSkipsNoPartition(batchSize: String) throws {
        let producer = try broker.producer(["partitioner.class": "round_robin", "batch.size": batchSize])
        let futures = try (0..<24).map { try producer.send(ProducerRecord(topic: "t", key: "k", value: "\($0)")) }
        #expect(try futures.map { try $0.get().partition } == (0..<24).map { $0 % 8 })
        try producer.close()
    }

    @Test("1.13 With partitioner.ignore.keys a key chooses nothing")
    func ignoredKeys() throws { try expectIgnoredKeys(["partitioner.ignore.keys": "true"]) }

    @Test("7.9 uniform_sticky ignores keys")
    func uniformStickyIgnoresKeys() throws { try expectIgnoredKeys(["partitioner.class": "uniform_sticky"]) }

    private func expectIgnoredKeys(_ keys: [String: String]) throws {
        let producer = try broker.producer(keys.merging(["linger.ms": "500"], uniquingKeysWith: { $1 }))
        let futures = try (0..<50).map { try producer.send(ProducerRecord(topic: "t", key: "\($0)", value: "v")) }
        try producer.flush()
        #expect(Set(try futures.map { try $0.get().partition }).count == 1)
        try producer.close()
    }

    @Test func keysGoWhereJavaPutsThem() throws {
        let producer = try broker.producer()
        #expect(try producer.send(ProducerRecord(topic: "t", key: "key-6", value: "v")).get().partition == 4)
        try producer.close()
    }

    @Test func stickyStaysAmongThePartitionsThatHaveALeader() {
        let sticky = StickyPartition()
        let partitions = TopicPartitions(count: 8, available: [3])
        #expect(sticky.partition(among: partitions) == 3)
        #expect(sticky.switchFrom(3, among: partitions) == 3)
        let none = StickyPartition()
        #expect((0..<8).contains(none.partition(among: TopicPartitions(count: 8, available: []))))
    }

    @Test func whoeverComesLateDoesNotSwitchAgain() {
        let sticky = StickyPartition()
        let first = sticky.partition(among: TopicPartitions(count: 8, available: [1]))
        #expect(sticky.switchFrom(first, among: TopicPartitions(count: 8, available: [2])) == 2)
        #expect(sticky.switchFrom(first, among: TopicPartitions(count: 8, available: [5])) == 2)
    }
}

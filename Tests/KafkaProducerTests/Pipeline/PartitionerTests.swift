import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct PartitionerTests {
    /// Chooses what it is told to, and notes what it is asked.
    final class Fixed: Partitioner {
        let choice: Int32?
        let observesNewBatches: Bool
        let log = Log<String>()

        init(choice: Int32?, observesNewBatches: Bool = false) {
            self.choice = choice
            self.observesNewBatches = observesNewBatches
        }

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

    @Test func librdkafkasPartitionersAreChosenByName() throws {
        for (name, partition) in [
            ("consistent", 1), ("consistent_random", 1), ("murmur2", 4), ("murmur2_random", 4), ("fnv1a", 7),
            ("fnv1a_random", 7),
        ] {
            // Keys are what these are about: partitioner.ignore.keys is for the default partitioner.
            let producer = try broker.producer(["partitioner.class": name, "partitioner.ignore.keys": "true"])
            let metadata = try producer.send(ProducerRecord(topic: "t", key: "key-6", value: "v")).get()
            #expect(metadata.partition == partition, "\(name)")
            try producer.close()
        }
    }

    @Test(arguments: [("consistent", nil, 0), ("consistent", "", 0), ("murmur2", nil, 1), ("fnv1a", nil, 3)])
    func aMissingKeyIsHashedWhereNothingIsRandom(name: String, key: String?, partition: Int32) throws {
        let producer = try broker.producer(["partitioner.class": name])
        #expect(try producer.send(ProducerRecord(topic: "t", key: key, value: "v")).get().partition == partition)
        try producer.close()
    }

    @Test(arguments: [("consistent_random", nil), ("consistent_random", ""), ("fnv1a_random", nil), ("random", nil)])
    func whatIsSpreadSticksForABatchAndThenGoesOn(name: String, key: String?) throws {
        let producer = try broker.producer([
            "partitioner.class": name, "batch.size": "1000", "linger.ms": "60000", "delivery.timeout.ms": "90000",
        ])
        let value = String(repeating: "x", count: 90)
        let futures = try (0..<500).map { _ in try producer.send(ProducerRecord(topic: "t", key: key, value: value)) }
        try producer.flush()
        let partitions = try futures.map { try $0.get().partition }
        #expect(Set(partitions).count > 4)
        let switches = zip(partitions, partitions.dropFirst()).count { $0 != $1 }
        #expect((15...50).contains(switches))
        try producer.close()
    }

    @Test func randomSpreadsWhatHasAKey() throws {
        let producer = try broker.producer(["partitioner.class": "random", "linger.ms": "50"])
        let futures = try (0..<200).map { _ in try producer.send(ProducerRecord(topic: "t", key: "k", value: "v")) }
        try producer.flush()
        #expect(Set(try futures.map { try $0.get().partition }).count == 8)
        try producer.close()
    }

    @Test func everyNameIsTakenAndGivenBack() throws {
        for (name, _) in PartitionerChoice.named { #expect(try PartitionerChoice(named: name).name == name) }
        #expect(Set(PartitionerChoice.named.map(\.name)).count == 10)
        #expect(try PartitionerChoice(named: "").name == "default")
        #expect(throws: ConfigurationReason.self) { try PartitionerChoice(named: "murmur3") }
    }
}

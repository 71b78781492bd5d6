import Testing

@testable import KafkaProducer

/// What librdkafka 2.0.2's `rd_kafka_msg_partitioner_*` give for the same keys.
@Suite struct HashPartitionerTests {
    static let counts: [Int32] = [1, 3, 8, 17, 1000]

    /// A key, and its partitions among `counts`, by CRC-32, by FNV-1a and by murmur2.
    static let answers: [(key: [UInt8], crc32: [Int32], fnv1a: [Int32], murmur2: [Int32])] = [
        ([], [0, 0, 0, 0, 0], [0, 0, 3, 0, 35], [0, 0, 1, 11, 681]),
        (Array("a".utf8), [0, 0, 3, 9, 907], [0, 0, 4, 16, 76], [0, 1, 4, 0, 524]),
        (Array("1".utf8), [0, 2, 7, 8, 583], [0, 1, 4, 4, 444], [0, 0, 7, 3, 159]),
        (Array("alice".utf8), [0, 2, 7, 15, 735], [0, 2, 1, 7, 817], [0, 0, 5, 6, 749]),
        (Array("Banana".utf8), [0, 0, 1, 16, 105], [0, 0, 0, 9, 424], [0, 1, 5, 5, 813]),
        (Array("key-6".utf8), [0, 2, 1, 12, 969], [0, 1, 7, 13, 95], [0, 2, 4, 2, 780]),
        (Array("kafka".utf8), [0, 2, 7, 11, 399], [0, 2, 1, 9, 545], [0, 1, 4, 14, 580]),
        (Array("foobar".utf8), [0, 2, 5, 6, 69], [0, 0, 0, 15, 576], [0, 0, 6, 9, 166]),
        (
            Array("this is another string with more length to it perhaps".utf8), [0, 1, 7, 15, 847],
            [0, 2, 7, 0, 887], [0, 2, 2, 11, 834]
        ),
        ([0xff, 0x80, 0x00, 0x01], [0, 2, 3, 16, 523], [0, 0, 5, 6, 813], [0, 0, 0, 5, 440]),
        (Array("größe".utf8), [0, 2, 1, 13, 153], [0, 2, 6, 5, 382], [0, 2, 4, 5, 84]),
    ]

    /// The partition that a partitioner gives; nil where it leaves the record to the sticky one.
    private func partition(_ name: String, of key: [UInt8]?, among count: Int32) throws -> Int32? {
        let partitioner = try #require(PartitionerChoice(named: name).makePartitioner())
        return try RecordBytes.lend(key: key, value: nil, timestamp: 0) { bytes in
            try partitioner.choose(for: bytes, among: TopicPartitions(count: count, available: []))
        }
    }

    private func partitions(_ name: String, of key: [UInt8]?) throws -> [Int32?] {
        try Self.counts.map { try partition(name, of: key, among: $0) }
    }

    @Test("7.10 Keys go where librdkafka puts them", arguments: HashPartitionerTests.answers)
    func keysGoWhereLibrdkafkaPutsThem(_ answer: (key: [UInt8], crc32: [Int32], fnv1a: [Int32], murmur2: [Int32]))
        throws
    {
        #expect(try partitions("consistent", of: answer.key) == answer.crc32)
        #expect(
            try partitions("consistent_random", of: answer.key) == (answer.key.isEmpty ? Self.spread : answer.crc32))
        #expect(try partitions("fnv1a", of: answer.key) == answer.fnv1a)
        #expect(try partitions("fnv1a_random", of: answer.key) == answer.fnv1a)
        #expect(try partitions("murmur2", of: answer.key) == answer.murmur2)
        #expect(Self.counts.map { KeyHash.murmur2.partition(of: answer.key.span.bytes, among: $0) } == answer.murmur2)
    }

    private static let spread = [Int32?](repeating: nil, count: counts.count)

    @Test("7.10 A missing key is an empty one, or is spread")
    func aMissingKeyIsAnEmptyOneOrIsSpread() throws {
        for name in ["consistent", "fnv1a", "murmur2"] {
            #expect(try partitions(name, of: nil) == partitions(name, of: []))
        }
        for name in ["consistent_random", "fnv1a_random", "random"] {
            #expect(try partitions(name, of: nil) == Self.spread)
        }
    }

    /// As the default partitioner does: there is nothing to ask.
    @Test func murmur2RandomIsTheBuiltInOne() throws {
        #expect(try PartitionerChoice(named: "murmur2_random").makePartitioner() == nil)
        #expect(!PartitionerChoice.murmur2Random.ignoresKeys(configured: true))
        #expect(PartitionerChoice.default.ignoresKeys(configured: true))
    }

    @Test func randomGoesToPartitionsWithALeader() throws {
        let partitioner = RandomPartitioner(chance: Chance())
        let chosen = try RecordBytes.lend(key: [1], value: nil, timestamp: 0) { bytes in
            try (0..<200).map { _ in
                try partitioner.choose(for: bytes, among: TopicPartitions(count: 8, available: [2, 5, 7]))
            }
        }
        #expect(Set(chosen) == [2, 5, 7])
    }
}

extension Partitioner {
    fileprivate func choose(for bytes: RecordBytes, among partitions: TopicPartitions) throws -> Int32? {
        try withUnsafePointer(to: Headers()) { headers in
            try partition(
                of: SerializedRecord(bytes, topic: Topic(name: "t"), headers: headers), partitions: partitions)
        }
    }
}

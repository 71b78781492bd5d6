import KafkaWire
import Testing

@Suite struct HashTests {
    private static let keys: [(String, Int32)] = [
        ("21", -973_932_308),
        ("foobar", -790_332_482),
        ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        ("abc", 479_470_107),
        ("", 0x106e_08d9),
        ("kafka", Int32(bitPattern: 0xd067_cf64)),
        ("1234", Int32(bitPattern: 0x9fc9_7b14)),
    ]

    @Test(arguments: keys) func murmur2IsThatOfJava(key: String, expected: Int32) {
        let bytes = Array(key.utf8)
        #expect(Murmur2.hash(bytes.span.bytes) == expected)
        #expect(bytes.withUnsafeBytes { Murmur2.hash($0) } == expected)
    }

    @Test func murmur2ReadsUnalignedBytes() {
        for start in 0..<8 {
            let bytes = [UInt8](repeating: 0, count: start) + Array("a-little-bit-longer-string".utf8)
            #expect(Murmur2.hash(bytes.span.bytes.extracting(start...)) == -1_486_304_829)
        }
    }

    private static let partitions: [(String, Int32, Int32)] = [
        ("fd7af248-ce5c-46a5-93d7-1c0c9005b99d", 26, 32),
        ("f562ac3b-2224-4e25-a0ab-56094e10c239", 5, 10),
        ("key-6", 2, 3),
        ("key-6", 4, 8),
        ("Banana", 1, 3),
    ]

    @Test(arguments: partitions) func keysGoToThePartitionsThatJavaChooses(key: String, partition: Int32, count: Int32)
    {
        #expect(Murmur2.toPositive(Murmur2.hash(Array(key.utf8).span.bytes)) % count == partition)
    }

    @Test func onlyTheSignBitIsDropped() {
        #expect(Murmur2.toPositive(-1) == .max)
        #expect(Murmur2.toPositive(.min) == 0)
        #expect(Murmur2.toPositive(7) == 7)
    }

    @Test(arguments: [("kafka", 0x0d33_c4e1), ("", 0x7ee3_623b), ("1234", 0x023b_dd03)] as [(String, UInt32)])
    func fnv1aIsThatOfLibrdkafka(key: String, expected: UInt32) {
        #expect(FNV1a.hash(Array(key.utf8).span.bytes) == expected)
    }

    @Test(arguments: [("23456", 0xb1b4_51d7), ("hejsan", 0xd077_037e), ("", 0)] as [(String, UInt32)])
    func crc32IsThatOfZlib(key: String, expected: UInt32) {
        let bytes = Array(key.utf8)
        #expect(CRC32.checksum(bytes.span.bytes) == expected)
        #expect(CRC32.checksum(UnsafeRawBufferPointer(start: nil, count: 0)) == 0)
    }
}

import CSupport
import KafkaWire
import TestSupport
import Testing

@Suite struct CRC32CTests {
    @Test(arguments: [("", 0), ("123456789", 0xe306_9283), ("Some String", 608_512_271)] as [(String, UInt32)])
    func givesKnownAnswers(text: String, expected: UInt32) {
        let bytes = Array(text.utf8)
        #expect(CRC32C.checksum(bytes.span.bytes) == expected)
        #expect(bytes.withUnsafeBytes { CRC32C.checksum($0) } == expected)
        #expect(bytes.withUnsafeBytes { csupport_crc32c_portable(0, $0.baseAddress, $0.count) } == expected)
    }

    @Test func zerosAndOnesHaveTheChecksumsOfISCSI() {
        // RFC 3720, B.4.
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32).span.bytes) == 0x8a91_36aa)
        #expect(CRC32C.checksum([UInt8](repeating: 0xff, count: 32).span.bytes) == 0x62a8_ab43)
    }

    @Test func theInstructionAndTheTablesAgreeAtAnyLengthAndAlignment() {
        var random = SeededGenerator(seed: 1)
        let bytes = random.bytes(40_000)
        bytes.withUnsafeBytes { bytes in
            let short = (0...1_600).map { (0, $0) }
            let other = (0..<400).map { _ in
                (Int.random(in: 0..<64, using: &random), Int.random(in: 0...39_900, using: &random))
            }
            for (start, count) in short + other {
                let part = UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
                let portable = csupport_crc32c_portable(0, part.baseAddress, count)
                #expect(CRC32C.checksum(part) == portable, "\(count) bytes from \(start)")
            }
        }
    }

    @Test func partsAddUpToTheWhole() {
        var random = SeededGenerator(seed: 2)
        let bytes = random.bytes(30_000)
        for _ in 0..<50 {
            let cut = Int.random(in: 0...bytes.count, using: &random)
            var checksum = CRC32C()
            checksum.update(bytes.span.bytes.extracting(..<cut))
            checksum.update(bytes.span.bytes.extracting(cut...))
            #expect(checksum.value == CRC32C.checksum(bytes.span.bytes))
        }
    }
}

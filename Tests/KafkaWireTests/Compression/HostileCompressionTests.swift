import KafkaWire
import TestSupport
import Testing

@Suite struct HostileCompressionTests {
    private static let codecs: [Compression] = [.gzip, .snappy, .lz4, .zstd]

    @Test(arguments: Compression.allCases) func theLimitIsExact(codec: Compression) throws {
        let input = Sample.text(100_000)
        var compressor = try Compressor(codec)
        let compressed = try compressor.array(input)
        var enough = Decompressor(limit: input.count)
        #expect(try enough.array(compressed, codec) == input)
        #expect(throws: CompressionError.limitExceeded(codec, limit: input.count - 1)) {
            var tooSmall = Decompressor(limit: input.count - 1)
            _ = try tooSmall.array(compressed, codec)
        }
    }

    @Test(arguments: codecs) func bombsAreRefused(codec: Compression) throws {
        var compressor = try Compressor(codec)
        let bomb = try compressor.array([UInt8](repeating: 0, count: 32 << 20))
        #expect(bomb.count < 2 << 20)
        var decompressor = Decompressor(limit: 1 << 20)
        #expect(throws: CompressionError.limitExceeded(codec, limit: 1 << 20)) {
            _ = try decompressor.array(bomb, codec)
        }
        // And the decompressor is still good.
        let input = Sample.text(1_000)
        let compressed = try compressor.array(input)
        #expect(try decompressor.array(compressed, codec) == input)
    }

    @Test func aBareSnappyBlockCannotClaimMoreThanItsBytesHold() {
        // 4 GB in a varint, and nothing behind it.
        let claim: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0x0f, 0]
        var decompressor = Decompressor(limit: .max)
        #expect(throws: CompressionError.malformed(.snappy, reason: "6 bytes cannot hold 4294967295")) {
            _ = try decompressor.array(claim, .snappy)
        }
    }

    @Test func aSnappyBlockOfNegativeLengthIsRefused() throws {
        var compressor = try Compressor(.snappy)
        let hostile = try compressor.array([UInt8]()) + [0xff, 0xff, 0xff, 0xff]
        var decompressor = Decompressor()
        #expect(throws: CompressionError.malformed(.snappy, reason: "a block of -1 bytes")) {
            _ = try decompressor.array(hostile, .snappy)
        }
    }

    @Test(arguments: codecs) func eachTruncationIsAnError(codec: Compression) throws {
        var compressor = try Compressor(codec)
        let compressed = try compressor.array(Sample.text(2_000))
        var decompressor = Decompressor()
        for count in 0..<compressed.count {
            // The framing of snappy ends where its bytes end: without a block it is whole.
            if codec == .snappy && count == 16 { continue }
            #expect(throws: CompressionError.self, "\(count) of \(compressed.count) bytes") {
                _ = try decompressor.array(Array(compressed[..<count]), codec)
            }
        }
    }

    @Test(arguments: codecs) func mutatedBytesNeverPassTheLimit(codec: Compression) throws {
        var random = SeededGenerator(seed: 7)
        var compressor = try Compressor(codec)
        let compressed = try compressor.array(Sample.text(3_000))
        var decompressor = Decompressor(limit: 10_000)
        for _ in 0..<5_000 {
            var bytes = compressed
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            if let output = try? decompressor.array(bytes, codec) {
                #expect(output.count <= 10_000)
            }
        }
        #expect(try decompressor.array(compressed, codec).count == 3_000)
    }
}

import KafkaWire
import TestSupport
import Testing

@Suite struct CompressionTests {
    private static let levels: [(Compression, Int)] = [
        (.none, 0), (.snappy, 0),
        (.gzip, -1), (.gzip, 1), (.gzip, 6), (.gzip, 9),
        (.lz4, 1), (.lz4, 3), (.lz4, 9), (.lz4, 12), (.lz4, 17),
        (.zstd, -131_072), (.zstd, -1), (.zstd, 1), (.zstd, 3), (.zstd, 22),
    ]
    private static let sizes = [0, 1, 2, 100, 32_767, 32_768, 32_769, 65_536, 65_537, 200_000]

    @Test(arguments: levels) func whatIsCompressedDecompressesToTheSame(codec: Compression, level: Int) throws {
        var random = SeededGenerator(seed: 3)
        var compressor = try Compressor(codec, level: level)
        var decompressor = Decompressor()
        for size in Self.sizes {
            for input in [random.bytes(size), Sample.text(size)] {
                let compressed = try compressor.array(input)
                #expect(compressed.count <= compressor.maximumCompressedSize(size))
                let output = try decompressor.array(compressed, codec)
                #expect(output == input, "\(size) bytes")
            }
        }
    }

    @Test(arguments: Compression.allCases) func threeMegabytesComeBack(codec: Compression) throws {
        var random = SeededGenerator(seed: 4)
        var compressor = try Compressor(codec)
        var decompressor = Decompressor()
        for input in [random.bytes(3 << 20), Sample.text(3 << 20), [UInt8](repeating: 7, count: 3 << 20)] {
            let compressed = try compressor.array(input)
            let output = try decompressor.array(compressed, codec)
            #expect(output == input)
        }
    }

    @Test(arguments: Compression.allCases) func callersMemoryOfTheLargestSizeIsEnough(codec: Compression) throws {
        var random = SeededGenerator(seed: 5)
        var compressor = try Compressor(codec)
        var decompressor = Decompressor()
        for size in Self.sizes {
            let input = random.bytes(size)
            var output = [UInt8](repeating: 0, count: compressor.maximumCompressedSize(size))
            let count = try input.withUnsafeBytes { input in
                try output.withUnsafeMutableBytes { try compressor.compress(input, into: $0) }
            }
            let decompressed = try decompressor.array(Array(output[..<count]), codec)
            #expect(decompressed == input)
        }
    }

    @Test(arguments: Compression.allCases) func lessMemoryIsRefused(codec: Compression) throws {
        var compressor = try Compressor(codec)
        let needed = compressor.maximumCompressedSize(1_000)
        var output = [UInt8](repeating: 0, count: needed - 1)
        let input = Sample.text(1_000)
        #expect(throws: CompressionError.outputTooSmall(needed: needed, available: needed - 1)) {
            try input.withUnsafeBytes { input in
                try output.withUnsafeMutableBytes { _ = try compressor.compress(input, into: $0) }
            }
        }
    }

    private static let refusedLevels: [(Compression, Int)] = [
        (.none, 1), (.snappy, 1), (.gzip, -2), (.gzip, 0), (.gzip, 10),
        (.lz4, 0), (.lz4, 18), (.zstd, -131_073), (.zstd, 23), (.zstd, .max), (.zstd, .min),
    ]

    @Test(arguments: refusedLevels) func levelsThatJavaHasNotAreRefused(codec: Compression, level: Int) {
        #expect(throws: CompressionError.invalidLevel(codec, level: level)) {
            _ = try Compressor(codec, level: level)
        }
    }

    @Test func aLevelThatIsRefusedNamesTheRange() {
        #expect(
            CompressionError.invalidLevel(.gzip, level: 0).description
                == "gzip has no level 0: choose from -1 to 9, but not 0")
        #expect(
            CompressionError.invalidLevel(.snappy, level: 4).description == "snappy has no level 4: it has no levels")
    }

    @Test func codecsHaveTheNamesOfTheConfiguration() {
        #expect(Compression.allCases.map(\.name) == ["none", "gzip", "snappy", "lz4", "zstd"])
        for codec in Compression.allCases { #expect(Compression(name: codec.name) == codec) }
        #expect(Compression(name: "LZ4") == nil)
        #expect(Compression(rawValue: 5) == nil)
    }

    @Test(arguments: [Compression.gzip, .lz4, .zstd]) func higherLevelsMakeTextSmaller(codec: Compression) throws {
        let input = Sample.text(200_000)
        var fast = try Compressor(codec, level: codec == .lz4 ? 9 : 1)
        var thorough = try Compressor(codec, level: codec == .gzip ? 9 : codec == .lz4 ? 12 : 19)
        #expect(try thorough.array(input).count < fast.array(input).count)
    }
}

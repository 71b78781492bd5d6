import KafkaWire
import Testing

/// The bytes around what the libraries write are those that Java writes.
@Suite struct CompressionFormatTests {
    @Test func snappyHasTheFramingOfXerial() throws {
        var compressor = try Compressor(.snappy)
        let header: [UInt8] = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]
        #expect(try compressor.array([UInt8]()) == header)

        let compressed = try compressor.array([UInt8](repeating: 1, count: 70_000))
        #expect(compressed.starts(with: header))
        var blocks = 0
        var position = header.count
        while position < compressed.count {
            position += 4 + compressed[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            blocks += 1
        }
        #expect(position == compressed.count)
        #expect(blocks == 3)
    }

    @Test func snappyMayBeABareBlock() throws {
        // A length of 5, then a literal of 5 bytes.
        let block: [UInt8] = [5, 4 << 2] + Array("kafka".utf8)
        var decompressor = Decompressor()
        #expect(try decompressor.array(block, .snappy) == Array("kafka".utf8))
    }

    @Test(arguments: [0, 10, 65_536, 65_537, 300_000]) func lz4HasTheFrameOfJava(count: Int) throws {
        var compressor = try Compressor(.lz4)
        let compressed = try compressor.array(Sample.text(count))
        // Magic, version 1 with independent blocks, blocks of 64 KB, and the descriptor's checksum.
        #expect(compressed.starts(with: [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]))
        #expect(compressed.suffix(4) == [0, 0, 0, 0])
    }

    @Test func gzipHasItsWrapper() throws {
        var compressor = try Compressor(.gzip)
        #expect(try compressor.array(Sample.text(10)).starts(with: [0x1f, 0x8b, 8, 0]))
    }

    @Test func zstdHasItsFrame() throws {
        var compressor = try Compressor(.zstd)
        #expect(try compressor.array(Sample.text(10)).starts(with: [0x28, 0xb5, 0x2f, 0xfd]))
    }

    @Test(arguments: [Compression.gzip, .lz4, .zstd]) func framesMayFollowEachOther(codec: Compression) throws {
        var compressor = try Compressor(codec)
        let (first, second) = (Sample.text(100_000), Array("and more".utf8))
        let both = try compressor.array(first) + compressor.array(second)
        var decompressor = Decompressor()
        #expect(try decompressor.array(both, codec) == first + second)
    }
}

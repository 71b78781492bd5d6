import KafkaWire
import TestSupport

/// Bytes to compress.
enum Sample {
    /// Text that repeats itself, but not exactly, as JSON does.
    static func text(_ count: Int) -> [UInt8] {
        var random = SeededGenerator(seed: 6)
        var text: [UInt8] = []
        while text.count < count {
            let id = UInt32.random(in: 0..<100_000, using: &random)
            text += Array("{\"id\":\(id),\"name\":\"customer \(id % 97)\",\"city\":\"北京\",\"active\":true},".utf8)
        }
        return Array(text.prefix(count))
    }
}

extension Decompressor {
    /// The decompressed bytes, copied.
    mutating func array(_ input: [UInt8], _ codec: Compression) throws(CompressionError) -> [UInt8] {
        try decompress(input.span.bytes, codec).withUnsafeBytes { [UInt8]($0) }
    }
}

extension Compressor {
    mutating func array(_ input: [UInt8]) throws(CompressionError) -> [UInt8] {
        try compress(input.span.bytes)
    }
}

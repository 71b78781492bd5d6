/// Compresses the records of batches with one codec and level, and keeps the codec's memory from batch to batch.
///
/// It has one owner at a time, on any thread.
public struct Compressor: ~Copyable, @unchecked Sendable {
    /// The most input that `compress` takes, in bytes: what the length of a batch can count.
    public static let maximumInputSize = Int(Int32.max)

    public let codec: Compression
    private let encoder: any CompressionEncoder

    /// - Parameter level: `compression.<codec>.level`; nil for the codec's default.
    /// - Throws: `invalidLevel`, or `libraryFailed` when there is no memory.
    public init(_ codec: Compression, level: Int? = nil) throws(CompressionError) {
        let level = level ?? codec.defaultLevel
        guard codec.accepts(level: level) else { throw .invalidLevel(codec, level: level) }
        let encoder: any CompressionEncoder =
            switch codec {
            case .none: CopyEncoder()
            case .gzip: try GzipEncoder(level: level)
            case .snappy: SnappyEncoder()
            case .lz4: try LZ4Encoder(level: level)
            case .zstd: try ZstdEncoder(level: level)
            }
        self.codec = codec
        self.encoder = encoder
    }

    /// The most bytes that `inputCount` bytes may become, framing included.
    public func maximumCompressedSize(_ inputCount: Int) -> Int { encoder.maximumSize(inputCount) }

    /// Compresses `input` into the caller's memory, which must not overlap it.
    ///
    /// - Parameter output: at least `maximumCompressedSize(input.count)` bytes.
    /// - Returns: How many bytes of `output` were written.
    /// - Throws: `inputTooLarge`, `outputTooSmall`, or `libraryFailed`.
    public mutating func compress(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        guard input.count <= Self.maximumInputSize else { throw .inputTooLarge(input.count) }
        let needed = encoder.maximumSize(input.count)
        guard output.count >= needed else { throw .outputTooSmall(needed: needed, available: output.count) }
        return try encoder.encode(input, into: output)
    }

    /// Compresses into a new array.
    ///
    /// - Throws: `inputTooLarge` or `libraryFailed`.
    public mutating func compress(_ input: RawSpan) throws(CompressionError) -> [UInt8] {
        guard input.byteCount <= Self.maximumInputSize else { throw .inputTooLarge(input.byteCount) }
        let output = UnsafeMutableRawBufferPointer.allocate(
            byteCount: encoder.maximumSize(input.byteCount), alignment: 16)
        defer { output.deallocate() }
        let count = try input.withUnsafeBytes { (bytes) throws(CompressionError) -> Int in
            try encoder.encode(bytes, into: output)
        }
        return Array(output[..<count])
    }
}

/// The codec `none`: the bytes as they are.
private final class CopyEncoder: CompressionEncoder {
    func maximumSize(_ count: Int) -> Int { count }

    func encode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
        output.copyMemory(from: input)
        return input.count
    }
}

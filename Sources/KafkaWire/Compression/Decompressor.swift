/// Decompresses the records of batches that anybody may have written, and keeps its memory from batch to batch.
///
/// What a batch may become is limited, so that a small input cannot claim all memory. It has one owner at a time, on
/// any thread.
public struct Decompressor: ~Copyable, @unchecked Sendable {
    /// 64 MiB: far above what a broker takes in one batch, far below what hurts.
    public static let defaultLimit = 64 << 20

    /// The most bytes that one input may become.
    public var limit: Int { buffer.limit }

    private var buffer: DecompressionBuffer
    private var decoders: [Compression: any CompressionDecoder] = [:]

    public init(limit: Int = defaultLimit) {
        buffer = DecompressionBuffer(limit: limit)
    }

    /// Decompresses into memory of the decompressor, good until its next use.
    ///
    /// - Throws: `limitExceeded`, `truncated`, `malformed`, or `libraryFailed` when there is no memory.
    @_lifetime(&self)
    public mutating func decompress(_ input: RawSpan, _ codec: Compression) throws(CompressionError) -> RawSpan {
        try buffer.prepare(inputCount: input.byteCount, codec: codec)
        let decoder = try decoder(codec)
        try input.withUnsafeBytes { (bytes) throws(CompressionError) in
            try decoder.decode(bytes, into: &buffer)
        }
        return unsafe _overrideLifetime(buffer.bytes.bytes, mutating: &self)
    }

    private mutating func decoder(_ codec: Compression) throws(CompressionError) -> any CompressionDecoder {
        if let known = decoders[codec] { return known }
        let new: any CompressionDecoder =
            switch codec {
            case .none: CopyDecoder()
            case .gzip: try GzipDecoder()
            case .snappy: SnappyDecoder()
            case .lz4: try LZ4Decoder()
            case .zstd: try ZstdDecoder()
            }
        decoders[codec] = new
        return new
    }
}

/// The codec `none`: the bytes as they are.
private final class CopyDecoder: CompressionDecoder {
    func decode(_ input: UnsafeRawBufferPointer, into output: inout DecompressionBuffer) throws(CompressionError) {
        try output.room(exactly: input.count, .none).copyMemory(from: input)
        try output.advance(input.count, .none)
    }
}

/// Why bytes could not be compressed or decompressed.
public enum CompressionError: Error, Equatable, CustomStringConvertible {
    /// The codec has no such level.
    case invalidLevel(Compression, level: Int)
    /// More input than a batch can have.
    case inputTooLarge(Int)
    /// The output has fewer bytes than `maximumCompressedSize` asks for.
    case outputTooSmall(needed: Int, available: Int)
    /// Decompressed, the bytes are more than the reader allows: damaged or hostile.
    case limitExceeded(Compression, limit: Int)
    /// The compressed bytes end too early.
    case truncated(Compression)
    /// The bytes are not of the codec's format.
    case malformed(Compression, reason: String)
    /// The codec's library refused to work, as when there is no memory.
    case libraryFailed(Compression, reason: String)

    public var description: String {
        switch self {
        case .invalidLevel(let codec, let level):
            "\(codec.name) has no level \(level)" + Self.choice(of: codec)
        case .inputTooLarge(let count):
            "\(count) bytes are more than a batch can have"
        case .outputTooSmall(let needed, let available):
            "compression needs room for \(needed) bytes, \(available) were given"
        case .limitExceeded(let codec, let limit):
            "\(codec.name): the decompressed bytes are more than the limit of \(limit)"
        case .truncated(let codec):
            "\(codec.name): the compressed bytes end too early"
        case .malformed(let codec, let reason):
            "\(codec.name): malformed bytes (\(reason))"
        case .libraryFailed(let codec, let reason):
            "\(codec.name): the library failed (\(reason))"
        }
    }

    private static func choice(of codec: Compression) -> String {
        guard let levels = codec.levels else { return ": it has no levels" }
        let exception = codec == .gzip ? ", but not 0" : ""
        return ": choose from \(levels.lowerBound) to \(levels.upperBound)\(exception)"
    }
}

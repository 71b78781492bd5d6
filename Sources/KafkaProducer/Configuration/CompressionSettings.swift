public import KafkaWire

/// How batches are compressed (`compression.type` and the levels of each codec).
public struct CompressionSettings: Sendable, Hashable {
    /// The codec (`compression.type`).
    public var type = Compression.none
    /// From 1 (fast) to 9 (small); −1 is zlib's own choice.
    public var gzipLevel = -1
    /// From 1 (fast) to 17 (small).
    public var lz4Level = 9
    /// From −131072 (fast) to 22 (small).
    public var zstdLevel = 3

    public init() {}

    /// The level of the codec in force; nil where it has none.
    var level: Int? {
        switch type {
        case .gzip: gzipLevel
        case .lz4: lz4Level
        case .zstd: zstdLevel
        case .none, .snappy: nil
        }
    }
}

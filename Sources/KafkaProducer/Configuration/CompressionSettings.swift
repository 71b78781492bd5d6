public import KafkaWire

/// How batches are compressed (`compression.type` and the levels of each codec).
public struct CompressionSettings: Sendable, Hashable {
    public var type = Compression.none
    public var gzipLevel = -1
    public var lz4Level = 9
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

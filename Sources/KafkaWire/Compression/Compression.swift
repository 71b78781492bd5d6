/// How the records of a batch are compressed; the raw value is that of the codec bits in the batch's attributes.
public enum Compression: UInt8, CaseIterable, Sendable {
    case none = 0
    case gzip = 1
    case snappy = 2
    case lz4 = 3
    case zstd = 4

    /// The codec that `compression.type` calls so, in small letters.
    public init?(name: String) {
        guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }

    /// The name in `compression.type`.
    public var name: String { String(describing: self) }

    /// The levels that `compression.<name>.level` may have (KIP-390); nil for a codec without levels.
    public var levels: ClosedRange<Int>? {
        switch self {
        case .none, .snappy: nil
        case .gzip: -1...9
        case .lz4: 1...17
        case .zstd: -131_072...22
        }
    }

    /// The level when none is configured; 0 for a codec without levels.
    public var defaultLevel: Int {
        switch self {
        case .none, .snappy: 0
        case .gzip: -1
        case .lz4: 9
        case .zstd: 3
        }
    }

    /// Whether Java takes the level: within the range, and for gzip not 0, which would not compress.
    public func accepts(level: Int) -> Bool {
        guard let levels else { return level == defaultLevel }
        return levels.contains(level) && !(self == .gzip && level == 0)
    }
}

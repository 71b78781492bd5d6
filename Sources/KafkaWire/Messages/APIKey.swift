/// The requests that this package speaks, with their versions on the wire.
public enum APIKey: Int16, Sendable, CaseIterable {
    case produce = 0
    case fetch = 1
    case listOffsets = 2
    case metadata = 3
    case findCoordinator = 10
    case apiVersions = 18
    case createTopics = 19
    case initProducerId = 22
}

extension APIKey {
    private static let table: [APIKey: (versions: ClosedRange<Int16>, flexibleFrom: Int16)] = [
        .produce: (3...13, 9),
        .fetch: (4...17, 12),
        .listOffsets: (1...9, 6),
        .metadata: (0...13, 9),
        .findCoordinator: (0...6, 3),
        .apiVersions: (0...4, 3),
        .createTopics: (2...7, 5),
        .initProducerId: (0...5, 2),
    ]

    /// The versions that can be read and written here.
    public var versions: ClosedRange<Int16> { Self.table[self]?.versions ?? 0...0 }

    /// Whether the version has compact lengths and tagged fields (KIP-482).
    public func isFlexible(_ version: Int16) -> Bool { version >= Self.table[self]?.flexibleFrom ?? .max }

    /// Request header 2 where flexible, else 1.
    public func requestHeaderVersion(_ version: Int16) -> Int16 { isFlexible(version) ? 2 : 1 }

    /// Response header 1 where flexible, else 0; ApiVersions always answers with header 0, so that a client can
    /// read the refusal of a version that it asked for (KIP-511).
    public func responseHeaderVersion(_ version: Int16) -> Int16 {
        isFlexible(version) && self != .apiVersions ? 1 : 0
    }
}

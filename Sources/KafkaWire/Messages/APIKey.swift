/// The requests that this package speaks, with their versions on the wire.
public enum APIKey: Int16, Sendable, CaseIterable {
    case produce = 0
    case fetch = 1
    case listOffsets = 2
    case metadata = 3
    case offsetCommit = 8
    case offsetFetch = 9
    case findCoordinator = 10
    case saslHandshake = 17
    case apiVersions = 18
    case createTopics = 19
    case initProducerId = 22
    case addPartitionsToTxn = 24
    case addOffsetsToTxn = 25
    case endTxn = 26
    case txnOffsetCommit = 28
    case saslAuthenticate = 36
}

extension APIKey {
    private struct Row {
        /// What goes over a connection.
        var versions: ClosedRange<Int16>
        var flexibleFrom: Int16
        /// What can be read and written, when it is more.
        var knownVersions: ClosedRange<Int16>?
    }

    private var row: Row {
        switch self {
        case .produce: Row(versions: 3...13, flexibleFrom: 9)
        case .fetch: Row(versions: 4...17, flexibleFrom: 12)
        case .listOffsets: Row(versions: 1...9, flexibleFrom: 6, knownVersions: 0...9)
        case .metadata: Row(versions: 0...13, flexibleFrom: 9)
        case .offsetCommit: Row(versions: 2...9, flexibleFrom: 8)
        case .offsetFetch: Row(versions: 1...9, flexibleFrom: 6)
        case .findCoordinator: Row(versions: 0...6, flexibleFrom: 3)
        case .saslHandshake: Row(versions: 0...1, flexibleFrom: .max)
        case .apiVersions: Row(versions: 0...4, flexibleFrom: 3)
        case .createTopics: Row(versions: 2...7, flexibleFrom: 5, knownVersions: 0...7)
        case .initProducerId: Row(versions: 0...5, flexibleFrom: 2)
        // From version 4 on it is a request that brokers send to each other.
        case .addPartitionsToTxn: Row(versions: 0...3, flexibleFrom: 3, knownVersions: 0...5)
        case .addOffsetsToTxn: Row(versions: 0...4, flexibleFrom: 3)
        case .endTxn: Row(versions: 0...5, flexibleFrom: 3)
        case .txnOffsetCommit: Row(versions: 0...5, flexibleFrom: 3)
        case .saslAuthenticate: Row(versions: 0...2, flexibleFrom: 2)
        }
    }

    /// The versions that this package speaks.
    public var versions: ClosedRange<Int16> { row.versions }

    /// The versions that can be read and written here: a little more than `versions`, since peers may be older.
    public var knownVersions: ClosedRange<Int16> { row.knownVersions ?? row.versions }

    /// Whether the version has compact lengths and tagged fields (KIP-482).
    public func isFlexible(_ version: Int16) -> Bool { version >= row.flexibleFrom }

    /// Request header 2 where flexible, else 1.
    public func requestHeaderVersion(_ version: Int16) -> Int16 { isFlexible(version) ? 2 : 1 }

    /// Response header 1 where flexible, else 0; ApiVersions always answers with header 0, so that a client can
    /// read the refusal of a version that it asked for (KIP-511).
    public func responseHeaderVersion(_ version: Int16) -> Int16 {
        isFlexible(version) && self != .apiVersions ? 1 : 0
    }
}

/// Asks a broker which requests it speaks, in which versions; the first thing said on each connection.
public struct ApiVersionsRequest: Request {
    public typealias Response = ApiVersionsResponse
    public static let api = APIKey.apiVersions

    public var clientSoftwareName = ""
    public var clientSoftwareVersion = ""

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        if coder.version >= 3 {
            try coder.field(&clientSoftwareName)
            try coder.field(&clientSoftwareVersion)
        }
    }
}

/// What the broker speaks; for a version that it does not know, error 35 in the layout of version 0 (KIP-511).
public struct ApiVersionsResponse: Message {
    public static let api = APIKey.apiVersions

    public var errorCode = ErrorCode.none
    public var apiKeys: [SupportedVersions] = []
    public var throttleTimeMs: Int32 = 0
    public var supportedFeatures: [SupportedFeature] = []
    /// −1 when the broker does not know it.
    public var finalizedFeaturesEpoch: Int64 = -1
    public var finalizedFeatures: [FinalizedFeature] = []
    public var zkMigrationReady = false

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&errorCode)
        try coder.field(&apiKeys)
        if coder.version >= 1 { try coder.field(&throttleTimeMs) }
    }

    public mutating func codeTags(_ coder: inout some Coder) throws(WireError) {
        try coder.tag(0, &supportedFeatures)
        try coder.tag(1, &finalizedFeaturesEpoch, default: -1)
        try coder.tag(2, &finalizedFeatures)
        try coder.tag(3, &zkMigrationReady)
    }

    /// The versions of one request that the broker speaks.
    public struct SupportedVersions: WireStruct {
        public var apiKey: Int16 = 0
        public var minVersion: Int16 = 0
        public var maxVersion: Int16 = 0

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&apiKey)
            try coder.field(&minVersion)
            try coder.field(&maxVersion)
        }
    }

    /// The levels of a feature that the broker can run (KIP-584).
    public struct SupportedFeature: WireStruct {
        public var name = ""
        public var minVersion: Int16 = 0
        public var maxVersion: Int16 = 0

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&minVersion)
            try coder.field(&maxVersion)
        }
    }

    /// The levels of a feature that the cluster has agreed on (KIP-584), such as `transaction.version`.
    public struct FinalizedFeature: WireStruct {
        public var name = ""
        public var maxVersionLevel: Int16 = 0
        public var minVersionLevel: Int16 = 0

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&maxVersionLevel)
            try coder.field(&minVersionLevel)
        }
    }
}

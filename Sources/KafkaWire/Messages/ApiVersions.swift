/// Asks a broker which requests it speaks, in which versions; the first thing said on each connection.
public struct ApiVersionsRequest: Request, Equatable {
    public typealias Response = ApiVersionsResponse
    public static let api = APIKey.apiVersions

    public var clientSoftwareName = ""
    public var clientSoftwareVersion = ""

    public init() {}

    public mutating func code<Coder: FieldCoder & ~Copyable & ~Escapable>(_ coder: inout Coder) throws(WireError) {
        if coder.version >= 3 {
            try coder.field(&clientSoftwareName)
            try coder.field(&clientSoftwareVersion)
        }
    }
}

public struct ApiVersionsResponse: Message, Equatable {
    public static let api = APIKey.apiVersions

    public var errorCode: Int16 = 0
    public var apiKeys: [SupportedVersions] = []
    public var throttleTimeMs: Int32 = 0
    public var supportedFeatures: [SupportedFeature] = []
    /// −1 when the broker does not know it.
    public var finalizedFeaturesEpoch: Int64 = -1
    public var finalizedFeatures: [FinalizedFeature] = []
    public var zkMigrationReady = false

    public init() {}

    public mutating func code<Coder: FieldCoder & ~Copyable & ~Escapable>(_ coder: inout Coder) throws(WireError) {
        try coder.field(&errorCode)
        try coder.field(&apiKeys)
        if coder.version >= 1 { try coder.field(&throttleTimeMs) }
    }

    public mutating func codeTags<Coder: FieldCoder & ~Copyable & ~Escapable>(_ coder: inout Coder) throws(WireError) {
        try coder.tag(0, isDefault: supportedFeatures.isEmpty) { (coder) throws(WireError) in
            try coder.field(&supportedFeatures)
        }
        try coder.tag(1, isDefault: finalizedFeaturesEpoch == -1) { (coder) throws(WireError) in
            try coder.field(&finalizedFeaturesEpoch)
        }
        try coder.tag(2, isDefault: finalizedFeatures.isEmpty) { (coder) throws(WireError) in
            try coder.field(&finalizedFeatures)
        }
        try coder.tag(3, isDefault: !zkMigrationReady) { (coder) throws(WireError) in
            try coder.field(&zkMigrationReady)
        }
    }

    /// The versions of one request that the broker speaks.
    public struct SupportedVersions: WireStruct, Equatable, Sendable {
        public var apiKey: Int16 = 0
        public var minVersion: Int16 = 0
        public var maxVersion: Int16 = 0

        public init() {}

        public mutating func code<Coder: FieldCoder & ~Copyable & ~Escapable>(_ coder: inout Coder) throws(WireError) {
            try coder.field(&apiKey)
            try coder.field(&minVersion)
            try coder.field(&maxVersion)
        }
    }

    public struct SupportedFeature: WireStruct, Equatable, Sendable {
        public var name = ""
        public var minVersion: Int16 = 0
        public var maxVersion: Int16 = 0

        public init() {}

        public mutating func code<Coder: FieldCoder & ~Copyable & ~Escapable>(_ coder: inout Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&minVersion)
            try coder.field(&maxVersion)
        }
    }

    public struct FinalizedFeature: WireStruct, Equatable, Sendable {
        public var name = ""
        public var maxVersionLevel: Int16 = 0
        public var minVersionLevel: Int16 = 0

        public init() {}

        public mutating func code<Coder: FieldCoder & ~Copyable & ~Escapable>(_ coder: inout Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&maxVersionLevel)
            try coder.field(&minVersionLevel)
        }
    }
}

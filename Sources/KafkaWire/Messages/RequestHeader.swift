/// What goes before each request's body: which request it is, in which version, and the number of its answer.
///
/// Version 0 belongs to requests of old, version 1 adds the client id, and version 2 goes with flexible bodies
/// (`APIKey.requestHeaderVersion`).
public struct RequestHeader: WireStruct {
    public var requestApiKey: Int16 = 0
    public var requestApiVersion: Int16 = 0
    public var correlationId: Int32 = 0
    public var clientId: String?

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&requestApiKey)
        try coder.field(&requestApiVersion)
        try coder.field(&correlationId)
        // Its length keeps two bytes in version 2, so that a broker can read the header of an unknown version.
        if coder.version >= 1 { try coder.field(&clientId, compact: false) }
    }

    /// Reads the header that a request begins with, in the version that its API key and version call for.
    /// - Returns: The header, and where the body begins.
    /// - Throws: `WireError` with the position at which reading stopped. An unknown API key is no error here.
    public static func decode(prefixOf request: RawSpan) throws(WireError) -> (header: Self, count: Int) {
        // The fields that decide come first in each version.
        let start = try decode(prefixOf: request, version: 0, isFlexible: false).value
        let version = APIKey(rawValue: start.requestApiKey)?.requestHeaderVersion(start.requestApiVersion) ?? 1
        let (header, count) = try decode(prefixOf: request, version: version, isFlexible: version >= 2)
        return (header, count)
    }

    /// Writes the header in the version that its API key and version call for.
    public func encode() throws(WireError) -> WireWriter {
        let version = APIKey(rawValue: requestApiKey)?.requestHeaderVersion(requestApiVersion) ?? 1
        return try encode(version: version, isFlexible: version >= 2)
    }
}

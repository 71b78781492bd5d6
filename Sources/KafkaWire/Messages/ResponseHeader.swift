/// What goes before each response's body: the number of the request that it answers.
///
/// Version 1 goes with flexible bodies, except for ApiVersions (`APIKey.responseHeaderVersion`).
public struct ResponseHeader: WireStruct {
    public var correlationId: Int32 = 0

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&correlationId)
    }

    /// Reads the header that a response begins with.
    /// - Parameter apiVersion: The version of the request that it answers.
    /// - Returns: The header, and where the body begins.
    /// - Throws: `WireError` with the position at which reading stopped.
    public static func decode(
        prefixOf response: RawSpan, to api: APIKey, apiVersion: Int16
    ) throws(WireError) -> (header: Self, count: Int) {
        let version = api.responseHeaderVersion(apiVersion)
        let (header, count) = try decode(prefixOf: response, version: version, isFlexible: version >= 1)
        return (header, count)
    }

    /// Writes the header of an answer to `api`.
    /// - Parameter apiVersion: The version of the request that it answers.
    public func encode(to api: APIKey, apiVersion: Int16) throws(WireError) -> WireWriter {
        let version = api.responseHeaderVersion(apiVersion)
        return try encode(version: version, isFlexible: version >= 1)
    }
}

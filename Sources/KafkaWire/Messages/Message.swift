/// A request or a response: one type for all its versions, both directions.
public protocol Message: WireStruct, Sendable {
    static var api: APIKey { get }
}

/// A request, and the response that answers it.
public protocol Request: Message {
    associatedtype Response: Message
}

extension Message {
    /// Reads a body. Bytes left over are an error.
    /// - Throws: `WireError` with the position at which reading stopped.
    public static func decode(_ body: RawSpan, version: Int16) throws(WireError) -> Self {
        guard api.versions.contains(version) else { throw WireError(.unsupportedVersion(version), at: 0) }
        var reader = WireReader(body, version: version, isFlexible: api.isFlexible(version))
        var message = Self()
        try reader.field(&message)
        try reader.finish()
        return message
    }

    /// Writes a body into `writer`'s bytes.
    /// - Throws: `WireError` if a field does not fit its type on the wire.
    public func encode(version: Int16) throws(WireError) -> WireWriter {
        guard Self.api.versions.contains(version) else { throw WireError(.unsupportedVersion(version), at: 0) }
        var writer = WireWriter(version: version, isFlexible: Self.api.isFlexible(version))
        var message = self
        try writer.field(&message)
        return writer
    }
}

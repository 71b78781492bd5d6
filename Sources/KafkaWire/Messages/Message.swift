/// A request or a response: one type for all its versions, both directions.
public protocol Message: WireStruct {
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
        let isFlexible = try isFlexible(version)
        let (message, count) = try decode(prefixOf: body, version: version, isFlexible: isFlexible)
        if count < body.byteCount { throw WireError(.trailingBytes(body.byteCount - count), at: count) }
        return message
    }

    /// Writes a body into a writer of its own.
    /// - Throws: `WireError` if a field does not fit its type on the wire.
    // What goes with each batch has code of its own: code that serves all messages takes more than twice as long.
    @_specialize(where Self == ProduceRequest)
    @_specialize(where Self == ProduceResponse)
    public func encode(version: Int16) throws(WireError) -> WireWriter {
        try encode(version: version, isFlexible: Self.isFlexible(version))
    }

    private static func isFlexible(_ version: Int16) throws(WireError) -> Bool {
        guard api.knownVersions.contains(version) else { throw WireError(.unsupportedVersion(version), at: 0) }
        return api.isFlexible(version)
    }
}

/// Names the SASL mechanism that the client is going to use.
public struct SaslHandshakeRequest: Request {
    public typealias Response = SaslHandshakeResponse
    public static let api = APIKey.saslHandshake

    /// Such as `SCRAM-SHA-256`.
    public var mechanism = ""

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&mechanism)
    }
}

/// Whether the broker takes the mechanism, and which others it has.
public struct SaslHandshakeResponse: Message {
    public static let api = APIKey.saslHandshake

    public var errorCode = ErrorCode.none
    public var mechanisms: [String] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&errorCode)
        try coder.field(&mechanisms)
    }
}

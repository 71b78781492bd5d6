/// A step of the SASL mechanism that a `SaslHandshakeRequest` of version 1 chose (KIP-152).
public struct SaslAuthenticateRequest: Request {
    public typealias Response = SaslAuthenticateResponse
    public static let api = APIKey.saslAuthenticate

    /// What the mechanism says: secret, so not for logs.
    public var authBytes: [UInt8] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&authBytes)
    }
}

/// The broker's answer to a step.
public struct SaslAuthenticateResponse: Message {
    public static let api = APIKey.saslAuthenticate

    public var errorCode = ErrorCode.none
    public var errorMessage: String?
    /// What the mechanism says: secret, so not for logs.
    public var authBytes: [UInt8] = []
    /// Milliseconds after which the client has to authenticate anew, 0 for never; version 1 and up (KIP-368).
    public var sessionLifetimeMs: Int64 = 0

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&errorCode)
        try coder.field(&errorMessage)
        try coder.field(&authBytes)
        if coder.version >= 1 { try coder.field(&sessionLifetimeMs) }
    }
}

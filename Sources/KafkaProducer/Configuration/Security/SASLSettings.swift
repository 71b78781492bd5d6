/// The keys of `sasl.*`: who the client is.
public struct SASLSettings: Sendable, Equatable {
    public var mechanism: SASLMechanism?
    /// As Java writes it; ``username`` and ``password`` say the same in fewer words.
    public var jaasConfig: Secret?
    public var username: String?
    public var password: Secret?
    /// A token that does not change.
    public var oauthBearerToken: Secret?
    /// A file with a token, as `file:///…`; it is read for each login.
    public var oauthBearerTokenEndpointURL: String?
    /// Gives tokens as they are needed. Only in code; it takes the place of the two above.
    public var oauthBearerProvider: OAuthBearerTokenProvider?

    public init() {}
}

/// How a client proves who it is (`sasl.mechanism`).
public enum SASLMechanism: String, Sendable, CaseIterable {
    case plain = "PLAIN"
    case scramSHA256 = "SCRAM-SHA-256"
    case scramSHA512 = "SCRAM-SHA-512"
    case oauthBearer = "OAUTHBEARER"

    /// The class of Java's login module that goes with it.
    var loginModule: String {
        switch self {
        case .plain: "org.apache.kafka.common.security.plain.PlainLoginModule"
        case .scramSHA256, .scramSHA512: "org.apache.kafka.common.security.scram.ScramLoginModule"
        case .oauthBearer: "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
        }
    }

    /// Whether it wants a user name and a password.
    var needsPassword: Bool { self != .oauthBearer }
}

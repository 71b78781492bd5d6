/// A token that a client shows to brokers (OAUTHBEARER).
public struct OAuthBearerToken: Sendable, Equatable {
    /// As the authorization server gave it: letters, digits and `-._~+/`, with `=` at the end.
    public var value: Secret
    /// How long it is valid from now on. nil: not known, so a new one is asked for at each login.
    public var lifetime: Duration?
    /// Whom it stands for, for logs.
    public var principal: String?
    /// What else the broker is told (KIP-342): names are letters.
    public var extensions: [String: String]

    public init(
        _ value: Secret, lifetime: Duration? = nil, principal: String? = nil, extensions: [String: String] = [:]
    ) {
        self.value = value
        self.lifetime = lifetime
        self.principal = principal
        self.extensions = extensions
    }

    /// What is wrong with it, as part of a sentence; nil if it can be sent.
    var fault: String? {
        let body = value.value.utf8.reversed().drop { $0 == UInt8(ascii: "=") }
        guard !body.isEmpty, body.allSatisfy(Self.isTokenByte) else {
            return value.value.isEmpty ? "the token is empty" : "the token has characters that no token has"
        }
        if let lifetime, lifetime <= .zero { return "the token has expired" }
        for (name, value) in extensions.sorted(by: { $0.key < $1.key }) {
            guard name != "auth", !name.isEmpty, name.utf8.allSatisfy(Self.isLetter) else {
                return "the extension '\(ConfigurationText.shown(name))' must have a name of letters, other than 'auth'"
            }
            guard !value.isEmpty, value.utf8.allSatisfy(Self.isExtensionByte) else {
                return "the extension '\(name)' must have a value of printable ASCII characters"
            }
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-._~+/".utf8.contains(byte)
    }

    private static func isExtensionByte(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) || [0x09, 0x0A, 0x0D].contains(byte)
    }
}

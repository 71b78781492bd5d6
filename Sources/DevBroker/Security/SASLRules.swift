import SCRAM

/// How clients have to log in.
struct SASLRules: Sendable {
    private let configuration: DevBrokerConfiguration.SASL
    private let credentials: SASLCredentials
    private let makeNonce: @Sendable () -> String

    /// - Parameters:
    ///   - secret: What nobody else knows of this broker.
    ///   - makeNonce: What is added to the nonces of clients.
    /// - Throws: `DevBrokerError` if a name or a password cannot be.
    init(
        _ configuration: DevBrokerConfiguration.SASL, secret: [UInt8] = Self.randomBytes(32),
        makeNonce: @escaping @Sendable () -> String = Self.randomNonce
    ) throws(DevBrokerError) {
        self.configuration = configuration
        self.makeNonce = makeNonce
        let hashes = configuration.mechanisms.compactMap(\.hash)
        credentials = try SASLCredentials(configuration.users, hashes: hashes, secret: secret)
    }

    /// In the order in which clients are told of them.
    var mechanisms: [DevBrokerConfiguration.SASL.Mechanism] { configuration.mechanisms }

    func exchange(_ mechanism: DevBrokerConfiguration.SASL.Mechanism) -> any SASLExchange {
        switch mechanism {
        case .plain: PlainExchange(credentials: credentials)
        case .scramSHA256: ScramExchange(.sha256, credentials, nonce: makeNonce())
        case .scramSHA512: ScramExchange(.sha512, credentials, nonce: makeNonce())
        case .oauthBearer: BearerExchange()
        }
    }

    /// For how many milliseconds a client may go on; nil for ever.
    func sessionLifetime(of identity: SASLIdentity, at now: Int64) -> Int64? {
        let configured = configuration.sessionLifetimeMs
        let left = identity.expiresAt.map { max($0 - now, 0) }
        return [configured > 0 ? configured : nil, left].compactMap(\.self).min()
    }

    private static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    @Sendable private static func randomNonce() -> String {
        randomBytes(16).map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
    }
}

extension DevBrokerConfiguration.SASL.Mechanism {
    fileprivate var hash: HashFunction? {
        switch self {
        case .scramSHA256: .sha256
        case .scramSHA512: .sha512
        case .plain, .oauthBearer: nil
        }
    }
}

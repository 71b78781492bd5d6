import KafkaWire
import NIOCore
import SCRAM

/// Who logs in, and how: makes the exchange of each login.
struct SASLLogin: Sendable {
    typealias Make = @Sendable (_ eventLoop: any EventLoop) -> EventLoopFuture<any SASLExchange>

    let mechanism: SASLMechanism
    /// The keys to look at when a broker refuses.
    let keys: String
    let exchange: Make

    init(_ mechanism: SASLMechanism, keys: String, exchange: @escaping Make) {
        self.mechanism = mechanism
        self.keys = keys
        self.exchange = exchange
    }

    /// - Returns: nil where connections need no login.
    /// - Throws: `KafkaError` of kind `configuration`.
    init?(_ security: SecuritySettings) throws(KafkaError) {
        guard security.protocol.usesSASL else { return nil }
        do throws(ConfigurationReason) {
            guard let mechanism = security.sasl.mechanism else {
                throw ConfigurationReason(text: "security.protocol=\(security.protocol.rawValue) needs sasl.mechanism")
            }
            try self.init(mechanism, security.sasl)
        } catch {
            throw KafkaError(.configuration, error.text)
        }
    }

    private init(_ mechanism: SASLMechanism, _ settings: SASLSettings) throws(ConfigurationReason) {
        let hash: HashFunction? =
            switch mechanism {
            case .scramSHA256: .sha256
            case .scramSHA512: .sha512
            case .plain, .oauthBearer: nil
            }
        guard mechanism.needsPassword else {
            let (provider, keys) = try settings.tokenProvider()
            let tokens = OAuthBearerTokens(provider)
            self.init(mechanism, keys: keys) { eventLoop in
                tokens.token(on: eventLoop).map { OAuthBearerExchange($0) }
            }
            return
        }
        let credentials = try settings.credentials(for: mechanism)
        let (username, password) = (credentials.username, credentials.password)
        self.init(mechanism, keys: credentials.keys) { eventLoop in
            let exchange: any SASLExchange =
                if let hash {
                    ScramExchange(
                        hash, username: username, password: password, nonce: Self.nonce(),
                        extensions: credentials.extensions)
                } else {
                    PlainExchange(username: username, password: password)
                }
            return eventLoop.makeSucceededFuture(exchange)
        }
    }

    /// 144 bits that nobody can guess.
    private static func nonce() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64.encode((0..<18).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}

import KafkaWire
import NIOCore

/// Where a connection's login stands, and what comes next: SaslHandshake names the mechanism, then SaslAuthenticate
/// carries its messages (KIP-152), now and again while the connection lives (KIP-368). Pure: no socket, no clock (Java's
/// SaslClientAuthenticator).
///
/// The mechanism's own answers are not made here, since they may take their time: whoever carries out `evaluate` comes
/// back with `said`.
struct AuthenticationState {
    enum Action: Equatable {
        /// Ask the broker for the mechanism.
        case handshake
        /// Let the mechanism begin.
        case begin
        /// Let the mechanism answer.
        case evaluate([UInt8])
        /// Send what the mechanism says.
        case authenticate([UInt8])
        /// Requests may go.
        case finished
    }

    private enum Phase: Equatable {
        case idle, handshaking, evaluating, authenticating
        case authenticated(renewal: NIODeadline?)
    }

    private let broker: BrokerAddress
    private let mechanism: SASLMechanism
    /// The keys to look at.
    private let keys: String
    private var phase = Phase.idle
    /// As the broker last said it.
    private var lifetime: TimeAmount?

    init(broker: BrokerAddress, mechanism: SASLMechanism, keys: String) {
        self.broker = broker
        self.mechanism = mechanism
        self.keys = keys
    }

    /// Whether requests have to wait for the end of a login.
    var isUnderWay: Bool {
        switch phase {
        case .idle, .authenticated: false
        case .handshaking, .evaluating, .authenticating: true
        }
    }

    /// Whether it is time for another login, before the broker ends the session.
    func mustRenew(at now: NIODeadline) -> Bool {
        if case .authenticated(let renewal?) = phase { renewal <= now } else { false }
    }

    mutating func begin() -> Action {
        phase = .handshaking
        lifetime = nil
        return .handshake
    }

    /// The broker has answered to the handshake.
    mutating func shook(_ response: SaslHandshakeResponse) throws(KafkaError) -> Action {
        switch response.errorCode {
        case .none:
            phase = .evaluating
            return .begin
        case .unsupportedSaslMechanism:
            let enabled = response.mechanisms.prefix(Self.listLimit).map { ConfigurationText.shown($0) }
            let offer = enabled.isEmpty ? "has no mechanism" : "has \(enabled.joined(separator: ", "))"
            throw failure(.unsupportedSaslMechanism, "it \(offer): see sasl.mechanism", keys: nil)
        case .illegalSaslState:
            throw failure(.illegalSaslState, "it expects no login on this port: see security.protocol", keys: nil)
        case let code: throw failure(code, code.message)
        }
    }

    private static let listLimit = 20

    /// The mechanism has spoken; nil if it is through.
    mutating func said(_ message: [UInt8]?, at now: NIODeadline, chance: Double) -> Action {
        guard let message else {
            phase = .authenticated(renewal: lifetime.map { now + Self.renewal($0, chance) })
            return .finished
        }
        phase = .authenticating
        return .authenticate(message)
    }

    /// The broker has answered to a message of the mechanism.
    /// - Parameter exchange: what the mechanism knows of a refusal, and what is not to be repeated.
    mutating func heard(
        _ response: SaslAuthenticateResponse, _ exchange: any SASLExchange
    ) throws(KafkaError) -> Action {
        guard response.errorCode == .none else {
            throw failure(response.errorCode, Self.withoutSecrets(Self.reason(response, exchange.refusal), exchange))
        }
        if response.sessionLifetimeMs > 0 {
            lifetime = .milliseconds(min(response.sessionLifetimeMs, Self.longestLifetime))
        }
        phase = .evaluating
        return .evaluate(response.authBytes)
    }

    /// The broker's words, and what it said before, unless that is the same.
    private static func reason(_ response: SaslAuthenticateResponse, _ refusal: String?) -> String {
        let message = response.errorMessage ?? ""
        guard let refusal, !message.contains(refusal) else {
            return message.isEmpty ? response.errorCode.message : message
        }
        return message.isEmpty ? refusal : "\(message); \(refusal)"
    }

    /// A year: more is for ever.
    private static let longestLifetime: Int64 = 365 * 86_400_000

    /// At 85 to 95 % of the session's lifetime, as Java has it: the clocks may differ, and not all connections are to
    /// log in at once.
    private static func renewal(_ lifetime: TimeAmount, _ chance: Double) -> TimeAmount {
        .nanoseconds(Int64(Double(lifetime.nanoseconds) * (0.85 + 0.1 * chance)))
    }

    // MARK: - Failure

    /// The login cannot go on, by this client's judgement.
    func failed(_ reason: SASLFailure, _ exchange: (any SASLExchange)?) -> KafkaError {
        KafkaError(.authentication, message(exchange.map { Self.withoutSecrets(reason.text, $0) } ?? reason.text, keys))
    }

    /// The broker has closed the connection, or said nothing for too long. That may pass: it is tried again.
    func lost(_ reason: String) -> KafkaError {
        KafkaError(.networkException)
            .explained(message("\(reason); it may not take this login, or expect another security.protocol", keys))
    }

    /// The broker is too old, or one that nobody logs in to.
    func unsupported(_ api: APIKey) -> KafkaError {
        KafkaError(
            .authentication,
            message("it does not speak \(api) as Kafka 1.0 and up do; without a login, see security.protocol", nil))
    }

    private func failure(_ code: ErrorCode, _ reason: String) -> KafkaError { failure(code, reason, keys: keys) }

    private func failure(_ code: ErrorCode, _ reason: String, keys: String?) -> KafkaError {
        KafkaError(Self.codes.contains(code) ? code : .saslAuthenticationFailed).explained(message(reason, keys))
    }

    private static let codes: Set<ErrorCode> = [
        .unsupportedSaslMechanism, .illegalSaslState, .saslAuthenticationFailed,
    ]

    private func message(_ reason: String, _ keys: String?) -> String {
        "broker \(broker) does not let this client in by \(mechanism.rawValue): \(reason)"
            + (keys.map { " (see \($0))" } ?? "")
    }

    /// A broker that repeats what it was told must not bring it into a log.
    private static func withoutSecrets(_ text: String, _ exchange: any SASLExchange) -> String {
        ConfigurationText.shown(
            exchange.secrets.reduce(text) { text, secret in
                secret.value.isEmpty ? text : text.replacing(secret.value, with: Secret.hidden)
            })
    }
}

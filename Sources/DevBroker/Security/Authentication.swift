import KafkaWire

/// What a connection has shown of who is behind it, and what it may ask next (Java's `SaslServerAuthenticator` and
/// KIP-368). Pure: requests in, answers out.
struct Authentication: Sendable {
    private enum State {
        /// Nothing has come yet but requests for versions that could not be answered.
        case start
        /// The client knows what is spoken here.
        case versionsKnown
        /// Tokens come; in requests from version 1 of the handshake on, else bare.
        case exchange(any SASLExchange, inRequests: Bool)
        /// Whatever comes next ends the connection: the client was refused, or went on with another mechanism than
        /// before.
        case failed
        case complete
    }

    /// What became of a request.
    enum Verdict: Equatable {
        /// It is for others to answer.
        case pass
        /// It is one of those that are answered here.
        case own
        /// Nothing can be answered: the connection has to be closed.
        case close(because: String)
    }

    /// The answer to a token.
    struct Answer: Equatable {
        var code = ErrorCode.none
        var message: String?
        var bytes: [UInt8] = []
        var sessionLifetimeMs: Int64 = 0

        /// Whether the connection is closed behind the answer.
        var isLast: Bool { code != .none && code != .illegalSaslState }
    }

    private let rules: SASLRules?
    private var state: State
    private var mechanism: DevBrokerConfiguration.SASL.Mechanism?
    /// Who it is; kept while it shows that anew.
    private(set) var identity: SASLIdentity?
    private var sessionEndsAt: Int64?

    /// - Parameter rules: Nil where nobody has to log in.
    init(_ rules: SASLRules?) {
        self.rules = rules
        state = rules == nil ? .complete : .start
    }

    /// Before a client is known it is believed little: `sasl.server.max.receive.size`.
    static let maxSizeBefore = 524_288

    /// Whether what comes next may be as large as any request.
    var allowsLargeRequests: Bool {
        if case .complete = state { true } else { false }
    }

    /// Whether a bare token comes next, in no request.
    var expectsBareToken: Bool {
        if case .exchange(_, inRequests: false) = state { true } else { false }
    }

    /// Looks whether a request may come now.
    mutating func admit(_ api: APIKey, at now: Int64) -> Verdict {
        switch (state, api) {
        case (.start, .apiVersions): return .pass
        case (.start, .saslHandshake), (.versionsKnown, .saslHandshake), (.exchange, .saslAuthenticate): return .own
        case (.complete, .saslHandshake): return .own
        case (.complete, _):
            if let sessionEndsAt, sessionEndsAt <= now {
                return .close(because: "its session is over, and it did not log in anew but sent \(api)")
            }
            return api == .saslAuthenticate ? .own : .pass
        default: return .close(because: "it has to log in first, but sent \(api)")
        }
    }

    /// Notes that the client was told which versions there are.
    mutating func toldVersions() {
        if case .start = state { state = .versionsKnown }
    }

    /// Begins an exchange, with the mechanism that the client names.
    mutating func handshake(_ name: String, version: Int16) -> (code: ErrorCode, mechanisms: [String]) {
        guard let rules else { return (.illegalSaslState, []) }
        if case .complete = state, sessionEndsAt == nil { return (.illegalSaslState, []) }
        let names = rules.mechanisms.map(\.rawValue)
        guard let chosen = rules.mechanisms.first(where: { $0.rawValue == name }) else {
            return (.unsupportedSaslMechanism, names)
        }
        if let mechanism, mechanism != chosen {
            state = .failed
        } else {
            mechanism = chosen
            state = .exchange(rules.exchange(chosen), inRequests: version >= 1)
        }
        return (.none, names)
    }

    /// Judges a token.
    mutating func authenticate(_ token: [UInt8], at now: Int64) -> Answer {
        guard case .exchange(var exchange, let inRequests) = state, let rules, let mechanism else {
            return Answer(code: .illegalSaslState, message: "there is no handshake that this token belongs to")
        }
        do throws(SASLFailure) {
            switch try exchange.evaluate(token, at: now) {
            case .challenge(let bytes):
                state = .exchange(exchange, inRequests: inRequests)
                return Answer(bytes: bytes)
            case .done(let bytes, let next):
                if let identity, identity.name != next.name {
                    throw .told("Cannot change principals during re-authentication")
                }
                let lifetime = rules.sessionLifetime(of: next, at: now)
                identity = next
                sessionEndsAt = lifetime.map { now + $0 }
                state = .complete
                return Answer(bytes: bytes, sessionLifetimeMs: lifetime ?? 0)
            }
        } catch {
            state = .failed
            let what = identity == nil ? "authentication" : "re-authentication"
            let message =
                switch error {
                case .told(let message): message
                case .credentials:
                    "Authentication failed during \(what) due to invalid credentials with SASL mechanism "
                        + mechanism.rawValue
                }
            return Answer(code: .saslAuthenticationFailed, message: message)
        }
    }
}

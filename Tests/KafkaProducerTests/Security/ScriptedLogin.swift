import KafkaWire
import SCRAM
import Synchronization

@testable import KafkaProducer

/// The server's side of SASL for a `ScriptedBroker`: one mechanism, one user, and lies where a test wants them.
final class ScriptedLogin: Sendable {
    struct Rules: Sendable {
        var mechanism = SASLMechanism.plain
        var username = "alice"
        var password = "hunter2"
        /// What is taken of OAUTHBEARER; others get a status.
        var token = "good"
        var iterations = 4096
        /// Of each session, in milliseconds; 0 for no end.
        var lifetimes: [Int64] = []
        /// What SaslAuthenticate and SaslHandshake are answered with, in place of what would be right.
        var replaceAuthenticate: (@Sendable (_ login: Int, _ step: Int) -> SaslAuthenticateResponse?)?
        var replaceHandshake: SaslHandshakeResponse?
        /// How many logins are taken; nil for any number.
        var loginLimit: Int?
        /// Versions other than all that this client speaks.
        var versions: [APIKey: ClosedRange<Int16>] = [:]
    }

    private struct State {
        var rules: Rules
        var logins = 0
        var step = 0
        var clientFirst: ScramClientFirst?
        var serverFirst: ScramServerFirst?
        var isRefusing = false
    }

    private let state: Mutex<State>
    /// Names of requests, in the order in which they came: "saslHandshake PLAIN", "produce".
    let journal = Log<String>()

    init(_ rules: Rules = Rules()) { state = Mutex(State(rules: rules)) }

    convenience init(_ edit: (inout Rules) -> Void) {
        var rules = Rules()
        edit(&rules)
        self.init(rules)
    }

    func change(_ edit: (inout Rules) -> Void) { state.withLock { edit(&$0.rules) } }

    /// Meant for `ScriptedBroker(reply:)`.
    var reply: @Sendable (ScriptedBroker.Request) -> ScriptedBroker.Reply {
        { [self] request in
            (try? answer(request)) ?? .close
        }
    }

    private func answer(_ request: ScriptedBroker.Request) throws -> ScriptedBroker.Reply {
        switch request.api {
        case .apiVersions:
            journal.append("\(request.api)")
            let versions = state.withLock { $0.rules.versions }
            return .body(try ScriptedBroker.versions(versions).encode(version: request.version).bytes)
        case .saslHandshake:
            let asked = try SaslHandshakeRequest.decode(request.body.span.bytes, version: request.version)
            journal.append("\(request.api) \(asked.mechanism)")
            return .body(try shake(asked).encode(version: request.version).bytes)
        case .saslAuthenticate:
            let asked = try SaslAuthenticateRequest.decode(request.body.span.bytes, version: request.version)
            journal.append("\(request.api)")
            return .body(try authenticate(asked.authBytes).encode(version: request.version).bytes)
        default:
            journal.append("\(request.api)")
            return .usual
        }
    }

    private func shake(_ request: SaslHandshakeRequest) -> SaslHandshakeResponse {
        state.withLock { state in
            state.logins += 1
            state.step = 0
            state.isRefusing = false
            if let replacement = state.rules.replaceHandshake { return replacement }
            let mechanism = state.rules.mechanism.rawValue
            return SaslHandshakeResponse {
                $0.mechanisms = [mechanism]
                if request.mechanism != mechanism { $0.errorCode = .unsupportedSaslMechanism }
            }
        }
    }

    private func authenticate(_ bytes: [UInt8]) -> SaslAuthenticateResponse {
        state.withLock { state in
            defer { state.step += 1 }
            if let replacement = state.rules.replaceAuthenticate?(state.logins, state.step) { return replacement }
            let isOverLimit = state.rules.loginLimit.map { state.logins > $0 } ?? false
            guard !isOverLimit, let (message, isLast) = Self.speak(&state, bytes) else {
                return SaslAuthenticateResponse {
                    $0.errorCode = .saslAuthenticationFailed
                    $0.errorMessage = "Authentication failed: invalid credentials"
                }
            }
            let lifetimes = state.rules.lifetimes
            let lifetime = lifetimes.isEmpty ? 0 : lifetimes[min(state.logins, lifetimes.count) - 1]
            return SaslAuthenticateResponse {
                $0.authBytes = message
                if isLast { $0.sessionLifetimeMs = lifetime }
            }
        }
    }

    private static func speak(_ state: inout State, _ bytes: [UInt8]) -> (message: [UInt8], isLast: Bool)? {
        let rules = state.rules
        switch rules.mechanism {
        case .plain: return bytes == [0] + rules.username.utf8 + [0] + rules.password.utf8 ? ([], true) : nil
        case .oauthBearer:
            if state.isRefusing { return nil }
            if String(decoding: bytes, as: UTF8.self).contains("auth=Bearer \(rules.token)\u{1}") { return ([], true) }
            state.isRefusing = true
            return (Array(#"{"status":"invalid_token"}"#.utf8), false)
        case .scramSHA256, .scramSHA512: return scram(&state, String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func scram(_ state: inout State, _ text: String) -> (message: [UInt8], isLast: Bool)? {
        let rules = state.rules
        let hash: HashFunction = rules.mechanism == .scramSHA256 ? .sha256 : .sha512
        if state.step == 0 {
            guard let first = try? ScramClientFirst(parsing: text), first.username == rules.username else { return nil }
            let answer = ScramServerFirst(nonce: first.nonce + "server", salt: [1, 2, 3], iterations: rules.iterations)
            (state.clientFirst, state.serverFirst) = (first, answer)
            return (Array(answer.text.utf8), false)
        }
        guard let first = state.clientFirst, let answer = state.serverFirst,
            let final = try? ScramClientFinal(parsing: text)
        else { return nil }
        let keys = ScramKeys(hash, password: rules.password, salt: answer.salt, iterations: answer.iterations)
        let message = scramAuthMessage(first, answer, final)
        guard keys.accepts(proof: final.proof, message) else { return nil }
        return (Array(ScramServerFinal.signature(keys.serverSignature(message)).text.utf8), true)
    }
}

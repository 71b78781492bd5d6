import KafkaWire
import NIOCore
import Testing

@testable import KafkaProducer

/// The transcript of a login, event by event.
@Suite struct AuthenticationStateTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let exchange = PlainExchange(username: "alice", password: "hunter2")

    private func state(_ mechanism: SASLMechanism = .plain) -> AuthenticationState {
        AuthenticationState(
            broker: BrokerAddress(host: "b1", port: 9092), mechanism: mechanism, keys: "sasl.username and sasl.password"
        )
    }

    @Test("8.9 A login is a handshake and as many messages as the mechanism has")
    func aLogin() throws {
        var state = state()
        #expect(!state.isUnderWay)
        #expect(state.begin() == .handshake)
        #expect(state.isUnderWay)
        #expect(try state.shook(SaslHandshakeResponse { $0.mechanisms = ["PLAIN"] }) == .begin)
        #expect(state.said([1], at: start, chance: 0) == .authenticate([1]))
        #expect(try state.heard(SaslAuthenticateResponse { $0.authBytes = [2] }, exchange) == .evaluate([2]))
        #expect(state.said([3], at: start, chance: 0) == .authenticate([3]))
        #expect(try state.heard(SaslAuthenticateResponse(), exchange) == .evaluate([]))
        #expect(state.isUnderWay)
        #expect(state.said(nil, at: start, chance: 0) == .finished)
        #expect(!state.isUnderWay)
        #expect(!state.mustRenew(at: .distantFuture))
    }

    @Test(
        "8.13 A session is renewed at 85 to 95 % of its lifetime (KIP-368)",
        arguments: [(0.0, 8500), (0.5, 9000), (0.999, 9499)] as [(Double, Int64)])
    func renewal(chance: Double, milliseconds: Int64) throws {
        var state = try loggedIn(lifetime: 10_000, chance: chance)
        #expect(!state.mustRenew(at: start + .milliseconds(milliseconds - 1)))
        #expect(state.mustRenew(at: start + .milliseconds(milliseconds + 1)))
        #expect(state.begin() == .handshake)
        #expect(!state.mustRenew(at: .distantFuture))
    }

    @Test(arguments: [0, -1, Int64.min]) func aSessionWithoutALifetimeIsNotRenewed(lifetime: Int64) throws {
        #expect(try !loggedIn(lifetime: lifetime).mustRenew(at: .distantFuture))
    }

    @Test func aLifetimeThatIsForEverDoesNotOverflow() throws {
        #expect(try !loggedIn(lifetime: .max).mustRenew(at: start + .hours(24 * 300)))
    }

    @Test func theNextSessionHasALifetimeOfItsOwn() throws {
        var state = try loggedIn(lifetime: 10)
        _ = state.begin()
        _ = try state.shook(SaslHandshakeResponse())
        _ = state.said([1], at: start, chance: 0)
        _ = try state.heard(SaslAuthenticateResponse(), exchange)
        _ = state.said(nil, at: start, chance: 0)
        #expect(!state.mustRenew(at: .distantFuture))
    }

    private func loggedIn(lifetime: Int64, chance: Double = 0) throws -> AuthenticationState {
        var state = state()
        _ = state.begin()
        _ = try state.shook(SaslHandshakeResponse())
        _ = state.said([1], at: start, chance: chance)
        _ = try state.heard(SaslAuthenticateResponse { $0.sessionLifetimeMs = lifetime }, exchange)
        _ = state.said(nil, at: start, chance: chance)
        return state
    }

    @Test("8.10 A mechanism that a broker does not have is named, with those that it has")
    func anUnsupportedMechanism() {
        var state = state(.scramSHA512)
        _ = state.begin()
        let error = #expect(throws: KafkaError.self) {
            _ = try state.shook(
                SaslHandshakeResponse {
                    $0.errorCode = .unsupportedSaslMechanism
                    $0.mechanisms = ["PLAIN", "GSS\u{1B}API"]
                })
        }
        #expect(error?.code == .unsupportedSaslMechanism)
        #expect(error?.isAuthenticationFailure == true)
        #expect(error?.isRetriable == false)
        #expect(
            error?.message
                == "broker b1:9092 does not let this client in by SCRAM-SHA-512: it has PLAIN, GSS\\u001BAPI: "
                + "see sasl.mechanism")
    }

    @Test(
        "8.10 A handshake that is refused is an authentication failure",
        arguments: [
            (ErrorCode.illegalSaslState, ErrorCode.illegalSaslState, "see security.protocol"),
            (.saslAuthenticationFailed, .saslAuthenticationFailed, "sasl.username"),
            (.invalidRequest, .saslAuthenticationFailed, "sasl.username"),
        ])
    func aHandshakeThatIsRefused(code: ErrorCode, shown: ErrorCode, hint: String) {
        var state = state()
        _ = state.begin()
        let error = #expect(throws: KafkaError.self) {
            _ = try state.shook(SaslHandshakeResponse { $0.errorCode = code })
        }
        #expect(error?.code == shown)
        #expect(error?.isAuthenticationFailure == true)
        #expect(error?.message.contains(hint) == true)
        #expect(error?.message.contains("b1:9092") == true)
    }

    @Test("8.11 A refusal has the broker's own words, on one line and without secrets")
    func aRefusal() {
        var state = state()
        _ = state.begin()
        let error = #expect(throws: KafkaError.self) {
            _ = try state.heard(
                SaslAuthenticateResponse {
                    $0.errorCode = .saslAuthenticationFailed
                    $0.errorMessage = "no such\npassword: hunter2"
                }, exchange)
        }
        #expect(error?.name == "SASL_AUTHENTICATION_FAILED")
        #expect(
            error?.message
                == "broker b1:9092 does not let this client in by PLAIN: no such\\u000Apassword: *** "
                + "(see sasl.username and sasl.password)")
    }

    @Test func aRefusalWithoutWordsHasThoseOfTheCode() {
        var state = state()
        _ = state.begin()
        let error = #expect(throws: KafkaError.self) {
            _ = try state.heard(SaslAuthenticateResponse { $0.errorCode = .saslAuthenticationFailed }, exchange)
        }
        #expect(error?.message.contains("the broker refused the credentials") == true)
    }

    @Test func whatTheMechanismKnowsOfARefusalIsTold() throws {
        var state = state(.oauthBearer)
        var exchange = OAuthBearerExchange(OAuthBearerToken("secret-token"))
        _ = try exchange.begin()
        _ = try exchange.respond(to: Array(#"{"status":"secret-token"}"#.utf8))
        let error = #expect(throws: KafkaError.self) {
            _ = try state.heard(
                SaslAuthenticateResponse {
                    $0.errorCode = .saslAuthenticationFailed
                    $0.errorMessage = "no"
                }, exchange)
        }
        #expect(error?.message.contains(#"no; {"status":"***"}"#) == true, "\(error as Any)")
    }

    @Test func aLostConnectionMayComeBack() {
        let error = state().lost("it closed the connection")
        #expect(error.isRetriable)
        #expect(!error.isAuthenticationFailure)
        #expect(error.message.contains("b1:9092") && error.message.contains("PLAIN"))
        #expect(error.message.contains("security.protocol") && error.message.contains("sasl.username"))
    }
}

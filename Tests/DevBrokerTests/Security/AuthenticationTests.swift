import KafkaWire
import SCRAM
import Testing

@testable import DevBroker

/// Who may say what, and when: requests in, answers out.
@Suite struct AuthenticationTests {
    private typealias SASL = DevBrokerConfiguration.SASL

    private static let plain = Array("\0alice\0wonderland".utf8)

    private func authentication(
        _ mechanisms: [DevBrokerConfiguration.SASL.Mechanism] = [.plain, .scramSHA256], lifetime: Int64 = 0
    ) throws -> Authentication {
        var sasl = SASL(users: ["alice": "wonderland", "bob": "builder"])
        sasl.mechanisms = mechanisms
        sasl.sessionLifetimeMs = lifetime
        return Authentication(try SASLRules(sasl))
    }

    private func closes(_ verdict: Authentication.Verdict) -> Bool {
        if case .close = verdict { true } else { false }
    }

    @Test func everythingIsOpenWhereNobodyHasToLogIn() {
        var client = Authentication(nil)
        #expect(client.allowsLargeRequests)
        for api in RequestHandler.supported.subtracting([.saslHandshake, .saslAuthenticate]) {
            #expect(client.admit(api, at: 0) == .pass)
        }
        #expect(client.admit(.saslHandshake, at: 0) == .own)
        #expect(client.handshake("PLAIN", version: 1) == (.illegalSaslState, []))
        #expect(client.admit(.saslAuthenticate, at: 0) == .own)
        #expect(client.authenticate(Self.plain, at: 0).code == .illegalSaslState)
        #expect(client.admit(.metadata, at: 0) == .pass)
    }

    @Test func nothingElseIsAnsweredBeforeTheClientIsKnown() throws {
        let passed: Set<APIKey> = [.apiVersions]
        let own: Set<APIKey> = [.saslHandshake]
        for api in RequestHandler.supported {
            var client = try authentication()
            #expect(!client.allowsLargeRequests)
            let verdict = client.admit(api, at: 0)
            if passed.contains(api) { #expect(verdict == .pass) }
            if own.contains(api) { #expect(verdict == .own) }
            if !passed.contains(api), !own.contains(api) { #expect(closes(verdict)) }

            var informed = try authentication()
            informed.toldVersions()
            #expect(closes(informed.admit(api, at: 0)) == !own.contains(api))

            var chosen = try authentication()
            _ = chosen.handshake("PLAIN", version: 1)
            #expect(closes(chosen.admit(api, at: 0)) == (api != .saslAuthenticate))
        }
    }

    @Test func aClientThatIsKnownMayAskEverything() throws {
        var client = try authentication()
        #expect(client.handshake("PLAIN", version: 1) == (.none, ["PLAIN", "SCRAM-SHA-256"]))
        #expect(!client.expectsBareToken)
        #expect(client.authenticate(Self.plain, at: 0) == Authentication.Answer())
        #expect(client.identity?.name == "alice")
        #expect(client.allowsLargeRequests)
        #expect(client.admit(.produce, at: .max) == .pass)
        // There is no session that could be prolonged.
        #expect(client.handshake("PLAIN", version: 1).code == .illegalSaslState)
        #expect(client.admit(.produce, at: 0) == .pass)
    }

    @Test(arguments: [Int16(0), 1]) func aMechanismThatIsNotOpenIsRefused(version: Int16) throws {
        for name in ["SCRAM-SHA-512", "GSSAPI", "plain", ""] {
            var client = try authentication()
            #expect(
                client.handshake(name, version: version) == (.unsupportedSaslMechanism, ["PLAIN", "SCRAM-SHA-256"]))
        }
    }

    @Test func version0OfTheHandshakeAsksForBareTokens() throws {
        var client = try authentication()
        _ = client.handshake("PLAIN", version: 0)
        #expect(client.expectsBareToken)
        #expect(client.authenticate(Self.plain, at: 0).code == .none)
        #expect(!client.expectsBareToken)
    }

    @Test func whoeverIsRefusedIsHeardNoMore() throws {
        var client = try authentication()
        _ = client.handshake("PLAIN", version: 1)
        let answer = client.authenticate(Array("\0alice\0cheshire".utf8), at: 0)
        #expect(answer.code == .saslAuthenticationFailed)
        #expect(answer.isLast)
        for api in RequestHandler.supported { #expect(closes(client.admit(api, at: 0))) }
        #expect(client.authenticate(Self.plain, at: 0).code == .illegalSaslState)
    }

    /// KIP-368.
    @Test func aSessionIsProlongedByWhoeverBeganIt() throws {
        var client = try authentication(lifetime: 100)
        _ = client.handshake("PLAIN", version: 1)
        #expect(client.authenticate(Self.plain, at: 1000).sessionLifetimeMs == 100)
        #expect(client.admit(.produce, at: 1099) == .pass)
        #expect(closes(client.admit(.produce, at: 1100)))
        #expect(client.admit(.saslHandshake, at: 5000) == .own)
        #expect(client.handshake("PLAIN", version: 1).code == .none)
        #expect(closes(client.admit(.produce, at: 5000)))
        #expect(client.admit(.saslAuthenticate, at: 5000) == .own)
        #expect(client.authenticate(Self.plain, at: 5000).sessionLifetimeMs == 100)
        #expect(client.admit(.produce, at: 5099) == .pass)
    }

    @Test func aSessionIsNotHandedToAnother() throws {
        var client = try authentication(lifetime: 100)
        _ = client.handshake("PLAIN", version: 1)
        _ = client.authenticate(Self.plain, at: 0)
        _ = client.handshake("PLAIN", version: 1)
        let answer = client.authenticate(Array("\0bob\0builder".utf8), at: 0)
        #expect(answer.code == .saslAuthenticationFailed)
        #expect(answer.message?.contains("Cannot change principals") == true)
        #expect(client.identity?.name == "alice")
    }

    @Test func aSessionIsNotProlongedByAnotherMechanism() throws {
        var client = try authentication(lifetime: 100)
        _ = client.handshake("PLAIN", version: 1)
        _ = client.authenticate(Self.plain, at: 0)
        #expect(client.handshake("SCRAM-SHA-256", version: 1).code == .none)
        for api in RequestHandler.supported { #expect(closes(client.admit(api, at: 0))) }
    }
}

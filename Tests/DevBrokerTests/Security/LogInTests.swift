import KafkaWire
import Logging
import SCRAM
import Testing

@testable import DevBroker

/// Logging in over the wire.
@Suite struct LogInTests {
    private typealias SASL = DevBrokerConfiguration.SASL

    private func withSecuredBroker(
        lifetime: Int64 = 0, logger: Logger? = nil, _ body: (DevBroker) async throws -> Void
    ) async throws {
        var sasl = SASL(users: ["alice": "wonderland"])
        sasl.mechanisms = SASL.Mechanism.allCases
        sasl.sessionLifetimeMs = lifetime
        try await withBroker({
            $0.sasl = sasl
            if let logger { $0.logger = logger }
        }) { broker in
            try broker.createTopic("orders", partitions: 1)
            try await body(broker)
        }
    }

    private static let plain = Array("\0alice\0wonderland".utf8)
    private static let metadata = MetadataRequest { $0.topics = nil }

    private func choose(
        _ mechanism: String, on connection: TestConnection, version: Int16 = 1
    ) throws -> SaslHandshakeResponse {
        try connection.ask(SaslHandshakeRequest { $0.mechanism = mechanism }, version: version)
    }

    private func say(
        _ token: [UInt8], on connection: TestConnection, version: Int16 = 2
    ) throws -> SaslAuthenticateResponse {
        try connection.ask(SaslAuthenticateRequest { $0.authBytes = token }, version: version)
    }

    @Test(arguments: APIKey.saslAuthenticate.versions) func aPasswordOpensTheBroker(version: Int16) async throws {
        try await withSecuredBroker { broker in
            let connection = try broker.connect()
            let versions = try connection.ask(
                ApiVersionsRequest {
                    $0.clientSoftwareName = "test"
                    $0.clientSoftwareVersion = "1"
                }, version: 3)
            #expect(versions.errorCode == .none)
            let handshake = try choose("PLAIN", on: connection)
            #expect(handshake.errorCode == .none)
            #expect(handshake.mechanisms == SASL.Mechanism.allCases.map(\.rawValue))
            let answer = try say(Self.plain, on: connection, version: version)
            #expect(answer.errorCode == .none)
            #expect(answer.sessionLifetimeMs == 0)
            #expect(try connection.ask(Self.metadata, version: 9).topics.map(\.name) == ["orders"])
            #expect(try say(Self.plain, on: connection).errorCode == .illegalSaslState)
            #expect(try choose("PLAIN", on: connection).errorCode == .illegalSaslState)
            #expect(try connection.ask(Self.metadata, version: 9).topics.map(\.name) == ["orders"])
        }
    }

    @Test(arguments: [("SCRAM-SHA-256", HashFunction.sha256), ("SCRAM-SHA-512", .sha512)])
    func aProofOpensTheBroker(mechanism: String, hash: HashFunction) async throws {
        try await withSecuredBroker { broker in
            for (password, code) in [("wonderland", ErrorCode.none), ("cheshire", .saslAuthenticationFailed)] {
                let connection = try broker.connect()
                #expect(try choose(mechanism, on: connection).errorCode == .none)
                let first = ScramClientFirst(username: "alice", nonce: "abc")
                let challenge = try say(Array(first.text.utf8), on: connection).authBytes
                let answer = try ScramServerFirst(parsing: String(decoding: challenge, as: UTF8.self))
                #expect(answer.nonce.count == "abc".count + 32)
                let keys = ScramKeys(hash, password: password, salt: answer.salt, iterations: answer.iterations)
                var final = ScramClientFinal(nonce: answer.nonce)
                final.proof = keys.clientProof(scramAuthMessage(first, answer, final))
                let last = try say(Array(final.text.utf8), on: connection)
                #expect(last.errorCode == code)
                if code == .none {
                    #expect(try connection.ask(Self.metadata, version: 9).topics.count == 1)
                } else {
                    let message =
                        "Authentication failed during authentication due to invalid credentials with SASL mechanism "
                        + mechanism
                    #expect(last.errorMessage == message)
                    #expect(try connection.isClosed())
                }
            }
        }
    }

    @Test func whoIsRefusedHearsWhyAndIsDisconnected() async throws {
        let lines = CapturedLog.Lines()
        try await withSecuredBroker(logger: CapturedLog.logger(lines)) { broker in
            let connection = try broker.connect()
            _ = try choose("PLAIN", on: connection)
            let answer = try say(Array("\0alice\0cheshire".utf8), on: connection)
            #expect(answer.errorCode == .saslAuthenticationFailed)
            #expect(answer.errorMessage == "Authentication failed: Invalid username or password")
            #expect(try connection.isClosed())

            let stranger = try broker.connect()
            let refusal = try choose("GSSAPI", on: stranger)
            #expect(refusal.errorCode == .unsupportedSaslMechanism)
            #expect(refusal.mechanisms == SASL.Mechanism.allCases.map(\.rawValue))
            #expect(try stranger.isClosed())
        }
        for secret in ["cheshire", "wonderland"] { #expect(!lines.contains(secret)) }
    }

    @Test(arguments: [false, true]) func whoDoesNotLogInIsDisconnected(isWithHandshake: Bool) async throws {
        let lines = CapturedLog.Lines()
        try await withSecuredBroker(logger: CapturedLog.logger(lines)) { broker in
            let connection = try broker.connect()
            if isWithHandshake { _ = try choose("PLAIN", on: connection) }
            try connection.send(connection.frame(Self.metadata, version: 9))
            #expect(try connection.isClosed())
        }
        #expect(lines.contains("it has to log in first, but sent metadata"))
    }

    /// As clients before KIP-152 do.
    @Test func bareTokensAreUnderstood() async throws {
        try await withSecuredBroker { broker in
            for (token, isAccepted) in [(Self.plain, true), (Array("\0alice\0x".utf8), false)] {
                let connection = try broker.connect()
                #expect(try choose("PLAIN", on: connection, version: 0).errorCode == .none)
                try connection.send(big(Int32(token.count)) + token)
                if isAccepted {
                    #expect(try connection.receive(4) == [0, 0, 0, 0])
                    #expect(try connection.ask(Self.metadata, version: 9).topics.count == 1)
                } else {
                    #expect(try connection.isClosed())
                }
            }
        }
    }

    @Test func aStrangerCannotSendMuch() async throws {
        let lines = CapturedLog.Lines()
        try await withSecuredBroker(logger: CapturedLog.logger(lines)) { broker in
            let stranger = try broker.connect()
            try stranger.send(big(Int32(Authentication.maxSizeBefore + 1)))
            #expect(try stranger.isClosed())
            let connection = try broker.connect()
            _ = try choose("PLAIN", on: connection)
            _ = try say(Self.plain, on: connection)
            let large = TestBatch(String(repeating: "x", count: Authentication.maxSizeBefore + 1))
            #expect(try connection.produce(large, to: "orders").errorCode == .none)
        }
        #expect(lines.contains("524288 are allowed"))
    }

    @Test func aSessionEndsUnlessTheClientLogsInAnew() async throws {
        try await withSecuredBroker(lifetime: 60_000) { broker in
            let connection = try broker.connect()
            for _ in 0..<3 {
                #expect(try choose("PLAIN", on: connection).errorCode == .none)
                #expect(try say(Self.plain, on: connection).sessionLifetimeMs == 60_000)
                #expect(try connection.ask(Self.metadata, version: 9).topics.count == 1)
            }
        }
        let lines = CapturedLog.Lines()
        try await withSecuredBroker(lifetime: 1, logger: CapturedLog.logger(lines)) { broker in
            let connection = try broker.connect()
            _ = try choose("PLAIN", on: connection)
            #expect(try say(Self.plain, on: connection, version: 1).sessionLifetimeMs == 1)
            // At the latest it is over once the clock has moved by a millisecond.
            #expect(throws: TestConnection.Failure.self) {
                while true { _ = try connection.ask(Self.metadata, version: 9) }
            }
        }
        #expect(lines.contains("its session is over"))
    }

    @Test func aBrokerWhereNobodyHasToLogInSaysSo() async throws {
        try await withBroker { broker in
            let connection = try broker.connect()
            #expect(try choose("PLAIN", on: connection).errorCode == .illegalSaslState)
            #expect(try say(Self.plain, on: connection).errorCode == .illegalSaslState)
            #expect(try connection.ask(Self.metadata, version: 9).topics.isEmpty)
        }
    }

    @Test func aConfigurationThatCannotBeIsRefused() async {
        let wrong: [(String, (inout SASL) -> Void)] = [
            ("mechanism", { $0.mechanisms = [] }), ("name", { $0.users = ["": "x"] }),
            ("password", { $0.users = ["bob": ""] }), ("'bob'", { $0.users["bob"] = "a\u{7}b" }),
            ("sessionLifetimeMs", { $0.sessionLifetimeMs = -1 }),
            ("sessionLifetimeMs", { $0.sessionLifetimeMs = .max }),
        ]
        for (word, change) in wrong {
            var sasl = SASL(users: ["alice": "wonderland"])
            change(&sasl)
            let error = await #expect(throws: DevBrokerError.self) { try await withBroker({ $0.sasl = sasl }) { _ in } }
            #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
            #expect(error?.description.contains("wonderland") == false)
        }
    }

    @Test func passwordsAreNotPrinted() {
        var configuration = DevBrokerConfiguration()
        configuration.sasl = SASL(users: ["alice": "wonderland"])
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(text.contains("alice"))
            #expect(!text.contains("wonderland"))
        }
    }
}

import KafkaWire
import NIOCore
import NIOPosix
import SCRAM
import Testing

@testable import KafkaProducer

/// Connections that log in at a broker over TCP, and brokers that make it hard for them.
@Suite struct LoginTests {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.any()

    // MARK: - Good brokers

    @Test("8.9 A connection logs in after ApiVersions and before any other request", arguments: SASLMechanism.allCases)
    func aConnectionLogsIn(mechanism: SASLMechanism) async throws {
        let login = ScriptedLogin { $0.mechanism = mechanism }
        let connection = try await open(login, mechanism)
        let rounds = mechanism == .scramSHA256 || mechanism == .scramSHA512 ? 2 : 1
        #expect(
            login.journal.entries
                == ["apiVersions", "saslHandshake \(mechanism.rawValue)"]
                + Array(repeating: "saslAuthenticate", count: rounds))
        #expect(try await ask(connection).get().brokers.count == 1)
        try await close(connection)
    }

    @Test("8.9 SaslAuthenticate goes in the highest version of both sides", arguments: [Int16(0), 1, 2])
    func lowerVersionsOfSaslAuthenticateDo(highest: Int16) async throws {
        let login = ScriptedLogin { $0.versions = [.saslAuthenticate: 0...highest] }
        try await close(open(login))
    }

    @Test("4.16 A connection that nobody uses after its login is closed")
    func aConnectionThatNobodyUses() async throws {
        let broker = try ScriptedBroker(reply: ScriptedLogin { $0.mechanism = .scramSHA256 }.reply)
        let closed = eventLoop.makePromise(of: KafkaError.self)
        _ = try await opening(broker, .scramSHA256, keys: ["connections.max.idle.ms": "20"]).map { connection in
            connection.onClose = { closed.succeed($0) }
        }.get()
        #expect(try await closed.futureResult.get() == .idleConnection)
    }

    // MARK: - Refusals

    @Test("8.11 A wrong password is an authentication failure in the broker's words", arguments: SASLMechanism.allCases)
    func aWrongPassword(mechanism: SASLMechanism) async throws {
        let login = ScriptedLogin {
            $0.mechanism = mechanism
            $0.password = "another"
            $0.token = "another"
        }
        let error = try await refusal(login, mechanism)
        #expect(error.code == .saslAuthenticationFailed)
        #expect(error.isAuthenticationFailure && !error.isRetriable)
        #expect(error.message.contains("Authentication failed: invalid credentials"), "\(error)")
        #expect(error.message.contains("127.0.0.1:") && error.message.contains(mechanism.rawValue), "\(error)")
        #expect(!"\(error)".contains("hunter2") && !"\(error)".contains("auth=Bearer"), "\(error)")
        if mechanism == .oauthBearer { #expect(error.message.contains("invalid_token"), "\(error)") }
    }

    @Test("8.10 A broker that has other mechanisms names them")
    func anotherMechanism() async throws {
        let error = try await refusal(ScriptedLogin { $0.mechanism = .scramSHA512 }, .plain)
        #expect(error.name == "UNSUPPORTED_SASL_MECHANISM")
        #expect(error.message.contains("it has SCRAM-SHA-512: see sasl.mechanism"), "\(error)")
    }

    @Test("8.10 A listener without SASL is found out")
    func aListenerWithoutSASL() async throws {
        let error = try await refusal(
            ScriptedLogin { $0.replaceHandshake = SaslHandshakeResponse { $0.errorCode = .illegalSaslState } })
        #expect(error.name == "ILLEGAL_SASL_STATE")
        #expect(error.message.contains("see security.protocol"), "\(error)")
    }

    @Test("8.10 A broker before Kafka 1.0 is named", arguments: [APIKey.saslHandshake, .saslAuthenticate])
    func aBrokerThatIsTooOld(api: APIKey) async throws {
        let error = try await refusal(ScriptedLogin { $0.versions = [api: 50...60] })
        #expect(error.kind == .authentication)
        #expect(error.message.contains("does not speak \(api)"), "\(error)")
        #expect(error.message.contains("see security.protocol"), "\(error)")
    }

    // MARK: - Hostile brokers

    @Test(
        "8.4 A hostile broker's messages end the login",
        arguments: [
            "", "garbage", "r=,s=,i=", "r=x,s=W22Z,i=4096", "e=other-error", "v=AAAA",
            String(repeating: "r", count: 20_000),
        ])
    func aHostileBroker(message: String) async throws {
        let login = ScriptedLogin {
            $0.mechanism = .scramSHA256
            $0.replaceAuthenticate = { _, _ in SaslAuthenticateResponse { $0.authBytes = Array(message.utf8) } }
        }
        let error = try await refusal(login, .scramSHA256)
        #expect(error.kind == .authentication)
        #expect(error.message.contains("does not let this client in by SCRAM-SHA-256: its message"), "\(error)")
        #expect(error.message.utf8.count < 1000)
    }

    @Test("8.5 A broker cannot have a client count for ever, or hardly at all", arguments: [100, 2_000_000])
    func iterations(count: Int) async throws {
        let login = ScriptedLogin {
            $0.mechanism = .scramSHA512
            $0.iterations = count
        }
        let error = try await refusal(login, .scramSHA512)
        #expect(error.message.contains("asks for \(count) iterations"), "\(error)")
    }

    @Test("8.6 A broker that takes any proof and shows none is not trusted")
    func aBrokerThatTakesAnyProof() async throws {
        for last in ["", "v=AAAA", "v=\(Base64.encode(Array(repeating: 7, count: 32)))"] {
            let login = ScriptedLogin {
                $0.mechanism = .scramSHA256
                $0.replaceAuthenticate = { _, step in
                    step == 0 ? nil : SaslAuthenticateResponse { $0.authBytes = Array(last.utf8) }
                }
            }
            let error = try await refusal(login, .scramSHA256)
            #expect(error.kind == .authentication, "\(error)")
        }
    }

    @Test(arguments: [[0x7F, 0xFF, 0xFF, 0xFF], [0x00, 0x20, 0x00, 0x00], [0xFF, 0xFF, 0xFF, 0xFF]] as [[UInt8]])
    func aHugeFrameInALoginIsNoAnswer(bytes: [UInt8]) async throws {
        let broker = try ScriptedBroker { $0.api == .apiVersions ? .usual : .bytes(bytes + [0, 0, 0, 0]) }
        let error = await #expect(throws: KafkaError.self) { try await opening(broker).get() }
        #expect(error?.kind == .malformed)
        #expect(error?.message.contains("127.0.0.1") == true)
    }

    @Test(arguments: [[], [0], [0, 0, 0x7F, 0xFF, 0xFF, 0xFF]] as [[UInt8]])
    func anAnswerThatCannotBeReadEndsTheLogin(body: [UInt8]) async throws {
        let broker = try ScriptedBroker { $0.api == .apiVersions ? .usual : .body(body) }
        let error = await #expect(throws: KafkaError.self) { try await opening(broker).get() }
        #expect(error?.kind == .malformed)
        #expect(error?.message.contains("answer to saslHandshake") == true, "\(error as Any)")
    }

    @Test(
        "8.12 A broker that closes in the middle of a login is named, with what may be wrong",
        arguments: [APIKey.saslHandshake, .saslAuthenticate])
    func aBrokerThatCloses(api: APIKey) async throws {
        let login = ScriptedLogin()
        let broker = try ScriptedBroker { $0.api == api ? .close : login.reply($0) }
        let error = await #expect(throws: KafkaError.self) { try await opening(broker).get() }
        #expect(error?.isRetriable == true)
        #expect(error?.isAuthenticationFailure == false)
        for part in ["127.0.0.1", "PLAIN", "closed the connection", "security.protocol", "sasl.username"] {
            #expect(error?.message.contains(part) == true, "\(error as Any)")
        }
    }

    @Test("8.12 A login ends within the time that it is given", arguments: [false, true])
    func aLoginIsBounded(isTheProviderSilent: Bool) async throws {
        let login = ScriptedLogin { $0.mechanism = .oauthBearer }
        let (asked, never) = (Log<Int>(), eventLoop.makePromise(of: OAuthBearerToken.self))
        defer { never.succeed(OAuthBearerToken("late")) }
        let broker = try ScriptedBroker { [reply = login.reply] request in
            let isSilent = !isTheProviderSilent && !asked.entries.isEmpty && request.api == .saslHandshake
            return isSilent ? .bytes([]) : reply(request)
        }
        // The first login goes well.
        let provider = OAuthBearerTokenProvider(asking: { eventLoop in
            defer { asked.append(1) }
            return asked.entries.isEmpty
                ? eventLoop.makeSucceededFuture(OAuthBearerToken("good")) : never.futureResult
        })
        let connection = try await opening(broker, .oauthBearer, provider: provider).get()
        let outcome = eventLoop.makePromise(of: Void.self)
        try await eventLoop.submit {
            connection.logIn(within: .milliseconds(20)) { outcome.completeWith($0.mapError { $0 }) }
        }.get()
        let error = await #expect(throws: KafkaError.self) { try await outcome.futureResult.get() }
        #expect(error?.message.contains("the login did not end within 20 ms") == true, "\(error as Any)")
        #expect(error?.isRetriable == true)
    }

    @Test("8.8 A provider that fails is an authentication failure that says so")
    func aProviderThatFails() async throws {
        struct NoToken: Error {}
        let broker = try ScriptedBroker(reply: ScriptedLogin { $0.mechanism = .oauthBearer }.reply)
        let provider = OAuthBearerTokenProvider(blocking: { throw NoToken() })
        let error = await #expect(throws: KafkaError.self) {
            try await opening(broker, .oauthBearer, provider: provider).get()
        }
        #expect(error?.kind == .authentication)
        #expect(error?.message.contains("the token provider failed: NoToken()") == true, "\(error as Any)")
    }

    // MARK: - Renewal

    @Test("8.14 A login is renewed with requests in flight: those are answered first, new ones wait for its end")
    func aLoginIsRenewedWithRequestsInFlight() async throws {
        let login = ScriptedLogin { $0.mechanism = .scramSHA256 }
        let (broker, first) = try brokerThatTakesItsTime(login)
        let connection = try await opening(broker, .scramSHA256).get()
        let answers = try await eventLoop.submit { [self] in
            let inFlight = send(connection)
            expire(connection)
            let held = [send(connection), send(connection)]
            #expect(connection.inFlightCount >= 3)
            return [inFlight] + held
        }.get()
        first.open()
        for answer in answers { #expect(try await answer.get().brokers.count == 1) }
        #expect(
            login.journal.entries.dropFirst(4)
                == [
                    "metadata", "saslHandshake SCRAM-SHA-256", "saslAuthenticate", "saslAuthenticate", "metadata",
                    "metadata",
                ])
        try await close(connection)
    }

    @Test("8.15 A renewal that fails closes the connection with an authentication failure")
    func aRenewalThatFails() async throws {
        let login = ScriptedLogin { $0.loginLimit = 1 }
        let (broker, first) = try brokerThatTakesItsTime(login)
        let connection = try await opening(broker).get()
        let closed = eventLoop.makePromise(of: KafkaError.self)
        let (inFlight, held) = try await eventLoop.submit { [self] in
            connection.onClose = { closed.succeed($0) }
            let inFlight = send(connection)
            expire(connection)
            return (inFlight, send(connection))
        }.get()
        first.open()
        #expect(try await inFlight.get().brokers.count == 1)
        let error = await #expect(throws: KafkaError.self) { try await held.get() }
        #expect(error?.code == .saslAuthenticationFailed)
        #expect(try await closed.futureResult.get() == error)
    }

    @Test func aConnectionThatClosesWhileALoginIsRenewedFailsWhatWaits() async throws {
        let login = ScriptedLogin()
        let broker = try ScriptedBroker { [reply = login.reply] request in
            let isRenewal = request.api == .saslHandshake && login.journal.entries.contains("saslAuthenticate")
            return isRenewal ? .close : reply(request)
        }
        let connection = try await opening(broker).get()
        let held = try await eventLoop.submit { [self] in
            expire(connection)
            return send(connection)
        }.get()
        let error = await #expect(throws: KafkaError.self) { try await held.get() }
        #expect(error?.isRetriable == true)
        #expect(error?.message.contains("closed the connection") == true, "\(error as Any)")
    }

    /// A broker that answers the first question for metadata when the latch opens.
    private func brokerThatTakesItsTime(_ login: ScriptedLogin) throws -> (ScriptedBroker, Latch) {
        let latch = Latch()
        let broker = try ScriptedBroker { [reply = login.reply] request in
            let reply = reply(request)
            let isFirst = login.journal.entries.count { $0 == "metadata" } == 1
            return request.api == .metadata && isFirst ? .late(latch) : reply
        }
        return (broker, latch)
    }

    /// Lets the session's lifetime be over, whatever the clock says.
    private func expire(_ connection: BrokerConnection) {
        var state = AuthenticationState(broker: connection.address, mechanism: .plain, keys: "sasl.username")
        _ = state.begin()
        _ = try? state.heard(
            SaslAuthenticateResponse { $0.sessionLifetimeMs = 1 }, PlainExchange(username: "", password: ""))
        _ = state.said(nil, at: .now() - .seconds(1), chance: 0)
        connection.login?.state = state
    }

    // MARK: - Connections

    private func send(_ connection: BrokerConnection) -> EventLoopFuture<MetadataResponse> {
        let answer = eventLoop.makePromise(of: MetadataResponse.self)
        connection.call(MetadataRequest(), version: 9, timeout: .seconds(60)) {
            answer.completeWith($0.mapError { $0 as any Error })
        }
        return answer.futureResult
    }

    private func ask(_ connection: BrokerConnection) -> EventLoopFuture<MetadataResponse> {
        eventLoop.flatSubmit { self.send(connection) }
    }

    private func open(_ login: ScriptedLogin, _ mechanism: SASLMechanism = .plain) async throws -> BrokerConnection {
        let broker = try ScriptedBroker(reply: login.reply)
        defer { withExtendedLifetime(broker) {} }
        return try await opening(broker, mechanism).get()
    }

    private func refusal(_ login: ScriptedLogin, _ mechanism: SASLMechanism = .plain) async throws -> KafkaError {
        let broker = try ScriptedBroker(reply: login.reply)
        return try #require(
            await #expect(throws: KafkaError.self) { try await opening(broker, mechanism).get() })
    }

    private func opening(
        _ broker: ScriptedBroker, _ mechanism: SASLMechanism = .plain, provider: OAuthBearerTokenProvider? = nil,
        keys: [String: String] = [:]
    ) throws -> EventLoopFuture<BrokerConnection> {
        var configuration = try ProducerConfiguration.quick(broker.address, keys)
        configuration.security.protocol = .saslPlaintext
        configuration.security.sasl.mechanism = mechanism
        if mechanism == .oauthBearer {
            configuration.security.sasl.oauthBearerProvider = provider ?? .fixed(OAuthBearerToken("good"))
        } else {
            configuration.security.sasl.username = "alice"
            configuration.security.sasl.password = "hunter2"
        }
        return try BrokerConnection.open(
            BrokerAddress(host: "127.0.0.1", port: broker.port),
            at: SocketAddress(ipAddress: "127.0.0.1", port: broker.port), configuration: configuration,
            security: ConnectionSecurity(configuration.security), setupTimeout: .seconds(60), on: eventLoop)
    }

    private func close(_ connection: BrokerConnection) async throws {
        try await eventLoop.submit { connection.close(KafkaError(.closed, "done")) }.get()
    }
}

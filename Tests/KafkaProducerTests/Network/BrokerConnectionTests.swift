import KafkaWire
import NIOCore
import NIOPosix
import Testing

@testable import KafkaProducer

/// What a connection makes of peers of all kinds.
@Suite struct BrokerConnectionTests {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.any()

    @Test(arguments: [Int16(3), 2, 1, 0])
    func aBrokerThatSpeaksLowerVersionsOnlyIsUnderstood(highest: Int16) async throws {
        let refusal = try ApiVersionsResponse {
            $0.errorCode = .unsupportedVersion
            $0.apiKeys = ScriptedBroker.versions([.apiVersions: 0...highest]).apiKeys
        }.encode(version: 0).bytes
        let broker = try ScriptedBroker { $0.version > highest ? .body(refusal) : .usual }
        let connection = try await open(broker)
        #expect(try connection.versions.version(of: .produce, broker: connection.address) == 13)
        #expect(broker.requests(.apiVersions).map(\.version) == [4, highest])
        try await close(connection)
    }

    @Test func aRefusalWithoutABodyIsUnderstoodToo() async throws {
        let broker = try ScriptedBroker { $0.version > 0 ? .body([0, 35]) : .usual }
        try await close(open(broker))
        #expect(broker.requests(.apiVersions).map(\.version) == [4, 2, 0])
    }

    @Test func aBrokerThatRefusesAllVersionsIsGivenUp() async throws {
        let broker = try ScriptedBroker { _ in .body([0, 35]) }
        let error = await #expect(throws: KafkaError.self) { try await open(broker) }
        #expect(error?.code == .unsupportedVersion)
        #expect(error?.message.contains(broker.address) == true)
    }

    @Test(arguments: [[], [0], [0, 0, 0x7f, 0xff, 0xff, 0xff, 1]] as [[UInt8]])
    func anAnswerThatCannotBeReadIsAnError(body: [UInt8]) async throws {
        let broker = try ScriptedBroker { _ in .body(body) }
        let error = await #expect(throws: KafkaError.self) { try await open(broker) }
        #expect(error?.kind == .malformed)
        #expect(error?.message.contains("\(broker.address), answer to apiVersions") == true)
    }

    @Test func aPeerThatWantsTLSIsRecognised() async throws {
        // A fatal alert, as servers send it to a client that does not begin with a handshake.
        let broker = try ScriptedBroker { _ in .bytes([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46]) }
        let error = await #expect(throws: KafkaError.self) { try await open(broker) }
        #expect(error?.message.contains("the peer speaks TLS (set security.protocol=SSL or SASL_SSL)") == true)
    }

    @Test func aPeerThatClosesAtOnceMayWantTLSOrALogin() async throws {
        let broker = try ScriptedBroker { _ in .close }
        let error = await #expect(throws: KafkaError.self) { try await open(broker) }
        #expect(error?.message.contains("it may want TLS or a login (security.protocol)") == true)
    }

    @Test("4.16 A connection that nobody uses is closed")
    func aConnectionThatNobodyUsesIsClosed() async throws {
        let broker = try ScriptedBroker()
        #expect(try await closed(broker, ["connections.max.idle.ms": "20"]) == .idleConnection)
        await broker.departure.opened()
    }

    @Test("4.16 A connection that waits for an answer is not idle")
    func aConnectionThatWaitsForAnAnswerIsNotIdle() async throws {
        let broker = try ScriptedBroker { $0.api == .apiVersions ? .usual : .bytes([]) }
        let error = try await closed(broker, ["connections.max.idle.ms": "10"]) { connection in
            connection.call(MetadataRequest(), version: 9, timeout: .milliseconds(100)) { _ in }
        }
        #expect(error.message.contains("did not answer metadata in time"), "\(error)")
    }

    /// Opens a connection, uses it at once, and waits until it closes.
    private func closed(
        _ broker: ScriptedBroker, _ keys: [String: String],
        use: @escaping @Sendable (BrokerConnection) -> Void = { _ in }
    ) async throws -> KafkaError {
        let reason = eventLoop.makePromise(of: KafkaError.self)
        _ = try await opening(broker, .quick(broker.address, keys)).map { connection in
            connection.onClose = { reason.succeed($0) }
            use(connection)
        }.get()
        return try await reason.futureResult.get()
    }

    @Test func minus1KeepsConnectionsForEver() async throws {
        let broker = try ScriptedBroker()
        let connection = try await open(broker, ["connections.max.idle.ms": "-1"])
        let answer = eventLoop.makePromise(of: MetadataResponse.self)
        try await eventLoop.submit {
            connection.call(MetadataRequest(), version: 9, timeout: .seconds(10)) {
                answer.completeWith($0.mapError { $0 as any Error })
            }
        }.get()
        #expect(try await answer.futureResult.get().brokers.count == 1)
        try await close(connection)
    }

    @Test("8.12 A client that does not log in where it has to is told what may be wrong")
    func aClientThatDoesNotLogInIsToldWhatMayBeWrong() async throws {
        let broker = try ScriptedBroker { $0.api == .apiVersions ? .usual : .close }
        let connection = try await open(broker)
        let answer = eventLoop.makePromise(of: MetadataResponse.self)
        try await eventLoop.submit {
            connection.call(MetadataRequest(), version: 9, timeout: .seconds(3600)) {
                answer.completeWith($0.mapError { $0 as any Error })
            }
        }.get()
        let error = await #expect(throws: KafkaError.self) { try await answer.futureResult.get() }
        #expect(error?.message.contains(broker.address) == true, "\(error as Any)")
        #expect(error?.message.contains("it may want a login (security.protocol") == true, "\(error as Any)")
    }

    @Test func theTimeThatABrokerAsksForIsNoted() async throws {
        let body = try ApiVersionsResponse {
            $0.apiKeys = ScriptedBroker.versions().apiKeys
            $0.throttleTimeMs = 3_600_000
        }.encode(version: 4).bytes
        let broker = try ScriptedBroker { _ in .body(body) }
        let connection = try await open(broker)
        let rest = try await eventLoop.submit { connection.throttledUntil - .now() }.get()
        #expect(rest > .zero && rest <= .hours(1))
        try await close(connection)
    }

    private func open(_ broker: ScriptedBroker, _ keys: [String: String] = [:]) async throws -> BrokerConnection {
        try await open(broker, .quick(broker.address, keys))
    }

    private func open(
        _ broker: ScriptedBroker, _ configuration: ProducerConfiguration
    ) async throws -> BrokerConnection {
        try await opening(broker, configuration).get()
    }

    private func opening(
        _ broker: ScriptedBroker, _ configuration: ProducerConfiguration
    ) throws -> EventLoopFuture<BrokerConnection> {
        try BrokerConnection.open(
            BrokerAddress(host: "127.0.0.1", port: broker.port),
            at: SocketAddress(ipAddress: "127.0.0.1", port: broker.port), configuration: configuration,
            setupTimeout: .seconds(10), on: eventLoop)
    }

    private func close(_ connection: BrokerConnection) async throws {
        try await eventLoop.submit { connection.close(KafkaError(.closed, "done")) }.get()
    }
}

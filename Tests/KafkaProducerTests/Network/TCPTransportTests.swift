import NIOCore
import NIOPosix
import Testing

@testable import KafkaProducer

@Suite struct TCPTransportTests {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.any()

    @Test("4.8 The addresses of a name are tried in turn, one at a time")
    func theAddressesOfANameAreTriedInTurnOneAtATime() async throws {
        let broker = try ScriptedBroker()
        let resolver = TableResolver(["brokers.test": [["::1", "127.0.0.1"]]])
        let (transport, address) = try transport(resolver, broker)
        let error = await #expect(throws: KafkaError.self) { try await open(transport, address) }
        #expect(error?.message.contains("brokers.test:\(broker.port) (::1)") == true, "\(error?.message ?? "")")
        #expect(transport.hasUntriedAddress(of: address))
        try await close(open(transport, address))
        #expect(!transport.hasUntriedAddress(of: address))
        #expect(resolver.lookUps.entries == ["brokers.test"])
    }

    @Test func theNameIsResolvedAgainWhenAllAddressesHaveFailed() async throws {
        let broker = try ScriptedBroker()
        let resolver = TableResolver(["brokers.test": [["::1"], ["127.0.0.1"]]])
        let (transport, address) = try transport(resolver, broker)
        await #expect(throws: KafkaError.self) { try await open(transport, address) }
        try await close(open(transport, address))
        #expect(resolver.lookUps.entries.count == 2)
    }

    @Test func afterAConnectionTheNameIsResolvedAgain() async throws {
        let broker = try ScriptedBroker()
        let resolver = TableResolver(["brokers.test": [["127.0.0.1", "::1"]]])
        let (transport, address) = try transport(resolver, broker)
        try await close(open(transport, address))
        // Another address than the one that was lost comes first.
        await #expect(throws: KafkaError.self) { try await open(transport, address) }
        try await close(open(transport, address))
        #expect(resolver.lookUps.entries.count == 2)
        #expect(broker.connectionCount == 2)
    }

    @Test func aReaderTriesAllAddressesAtOnce() async throws {
        let broker = try ScriptedBroker()
        let resolver = TableResolver(["brokers.test": [["::1", "127.0.0.1"]]])
        let (transport, address) = try transport(resolver, broker)
        let connection = try await transport.openAny(address, setupTimeout: .seconds(10), on: eventLoop).get()
        try await close(connection)
    }

    @Test func aNameThatIsNotThereIsAnError() async throws {
        let (transport, address) = try transport(TableResolver([:]), ScriptedBroker())
        let error = await #expect(throws: KafkaError.self) { try await open(transport, address) }
        #expect(error?.message == "the host 'brokers.test' is not there")
        #expect(!transport.hasUntriedAddress(of: address))
    }

    @Test func aNameIsNotLookedUpTwiceAtATime() async throws {
        let resolver = SilentResolver()
        let (transport, address) = try transport(resolver, ScriptedBroker())
        for _ in 0..<3 {
            await #expect(throws: KafkaError.self) {
                try await transport.open(address, setupTimeout: .milliseconds(5), on: eventLoop).get()
            }
        }
        #expect(resolver.lookUps.entries == ["brokers.test"])
    }

    @Test func aResolverThatTakesTooLongIsGivenUp() async throws {
        let (transport, address) = try transport(SilentResolver(), ScriptedBroker())
        let error = await #expect(throws: KafkaError.self) {
            try await transport.open(address, setupTimeout: .milliseconds(5), on: eventLoop).get()
        }
        #expect(error?.message == "the host 'brokers.test' was not resolved within 5 ms")
    }

    @Test func canonicalNamesKeepThePortAndComeOnce() async throws {
        let resolver = TableResolver(["a": [["one", "two"]], "b": [["two"]]])
        let (transport, _) = try transport(resolver, ScriptedBroker())
        let servers = ["a", "b", "lost"].map { BrokerAddress(host: $0, port: 9092) }
        let found = try await transport.canonical(servers, on: eventLoop).get()
        #expect(found.map(\.description) == ["one:9092", "two:9092", "lost:9092"])
    }

    @Test func whatIsForgottenIsResolvedAgain() async throws {
        let resolver = TableResolver(["brokers.test": [["::1", "127.0.0.1"]]])
        let (transport, address) = try transport(resolver, ScriptedBroker())
        await #expect(throws: KafkaError.self) { try await open(transport, address) }
        transport.forget(address)
        #expect(!transport.hasUntriedAddress(of: address))
    }

    private func transport(
        _ resolver: any HostResolver, _ broker: ScriptedBroker
    ) throws -> (TCPTransport, BrokerAddress) {
        let address = BrokerAddress(host: "brokers.test", port: broker.port)
        return (try TCPTransport(configuration: .quick("\(address)"), resolver: resolver), address)
    }

    private func open(_ transport: TCPTransport, _ address: BrokerAddress) async throws -> any BrokerLink {
        try await transport.open(address, setupTimeout: .seconds(10), on: eventLoop).get()
    }

    private func close(_ link: any BrokerLink) async throws {
        try await eventLoop.submit { link.close(KafkaError(.closed, "done")) }.get()
    }

    private struct SilentResolver: HostResolver {
        let lookUps = Log<String>()

        func addresses(
            of host: String, port: Int, on eventLoop: any EventLoop
        ) -> EventLoopFuture<[SocketAddress]> {
            lookUps.append(host)
            return eventLoop.scheduleTask(in: .hours(1)) { [] }.futureResult
        }

        func canonicalNames(of host: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]> {
            eventLoop.scheduleTask(in: .hours(1)) { [] }.futureResult
        }
    }
}

import NIOCore
import NIOPosix
import Testing

@testable import KafkaProducer

@Suite struct SystemHostResolverTests {
    let resolver = SystemHostResolver()
    let eventLoop = MultiThreadedEventLoopGroup.singleton.any()

    @Test(arguments: ["127.0.0.1", "::1"])
    func anAddressStandsForItself(text: String) async throws {
        let found = try await resolver.addresses(of: text, port: 9092, on: eventLoop).get()
        #expect(found.map(\.ipAddress) == [text])
        #expect(found.map(\.port) == [9092])
    }

    @Test func thisMachineHasAnAddress() async throws {
        let found = try await resolver.addresses(of: "localhost", port: 9092, on: eventLoop).get()
        #expect(found.contains { $0.ipAddress == "127.0.0.1" || $0.ipAddress == "::1" })
        #expect(found.allSatisfy { $0.port == 9092 })
        #expect(Set(found.map(\.description)).count == found.count)
    }

    @Test func anAddressHasACanonicalName() async throws {
        let names = try await resolver.canonicalNames(of: "127.0.0.1", on: eventLoop).get()
        #expect(names.count == 1 && names.first?.isEmpty == false)
    }

    @Test func aNameThatDoesNotResolveIsNamed() async throws {
        let error = await #expect(throws: KafkaError.self) {
            try await resolver.addresses(of: "no-such-host.invalid", port: 1, on: eventLoop).get()
        }
        #expect(error?.kind == .network)
        #expect(error?.message.contains("the host 'no-such-host.invalid' does not resolve") == true)
    }
}

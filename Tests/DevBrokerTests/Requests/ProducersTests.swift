import KafkaWire
import Testing

@testable import DevBroker

@Suite struct ProducersTests {
    @Test(arguments: APIKey.initProducerId.versions) func eachProducerGetsAnIdOfItsOwn(version: Int16) async throws {
        try await withBroker { broker in
            let connection = try broker.connect()
            let ids = try (0..<3).map { _ in try connection.ask(InitProducerIdRequest(), version: version).producerId }
            #expect(Set(ids).count == 3)
            #expect(ids.allSatisfy { $0 >= 0 })
        }
    }

    @Test(arguments: APIKey.findCoordinator.versions) func aCoordinatorIsNamed(version: Int16) async throws {
        try await withBroker {
            $0.nodes = 3
        } _: { broker in
            let request = FindCoordinatorRequest {
                $0.key = "group"
                $0.coordinatorKeys = ["group"]
            }
            let response = try broker.connect().ask(request, version: version)
            let port = version >= 4 ? response.coordinators.first?.port : response.port
            #expect(broker.addresses.contains { Int32($0.port) == port })
        }
    }

    @Test func keysOfAnUnknownTypeHaveNoCoordinator() async throws {
        try await withBroker { broker in
            let request = FindCoordinatorRequest {
                $0.keyType = 9
                $0.coordinatorKeys = ["x"]
            }
            let response = try broker.connect().ask(request, version: 4)
            #expect(response.coordinators.map(\.errorCode) == [.invalidRequest])
        }
    }
}

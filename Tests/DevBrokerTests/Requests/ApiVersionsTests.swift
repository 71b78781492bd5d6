import KafkaWire
import Testing

@testable import DevBroker

@Suite struct ApiVersionsTests {
    private func request() -> ApiVersionsRequest {
        ApiVersionsRequest {
            $0.clientSoftwareName = "test"
            $0.clientSoftwareVersion = "1.0"
        }
    }

    @Test(arguments: APIKey.apiVersions.versions) func allThatIsSpokenIsNamed(version: Int16) async throws {
        try await withBroker { broker in
            let response = try broker.connect().ask(request(), version: version)
            #expect(response.errorCode == .none)
            #expect(Set(response.apiKeys.compactMap { APIKey(rawValue: $0.apiKey) }) == RequestHandler.supported)
            let produce = response.apiKeys.first { $0.apiKey == APIKey.produce.rawValue }
            #expect(produce?.minVersion == 0)
            #expect(produce?.maxVersion == 13)
        }
    }

    @Test func aVersionOfProduceThatIsClaimedForOldClientsOnlyClosesTheConnection() async throws {
        try await withBroker { broker in
            let connection = try broker.connect()
            var frame = try connection.frame(connection.produceRequest(count: nil, "orders"), version: 3)
            frame[7] = 2
            try connection.send(frame)
            #expect(try connection.isClosed())
        }
    }

    @Test func aVersionThatIsNotKnownIsRefusedInTheLayoutOfVersion0() async throws {
        try await withBroker { broker in
            let connection = try broker.connect()
            var frame = try connection.frame(request(), version: 4)
            frame[7] = 99
            try connection.send(frame)
            let (_, response, _) = try connection.answer(to: ApiVersionsRequest.self, version: 99, bodyVersion: 0)
            #expect(response.errorCode == .unsupportedVersion)
            #expect(response.apiKeys.map(\.apiKey) == [APIKey.apiVersions.rawValue])
            #expect(try connection.ask(request(), version: 4).errorCode == .none)
        }
    }

    @Test(arguments: ["", "-x", "x-", "a b", "ä"]) func namesThatAreNoneAreRefused(name: String) async throws {
        try await withBroker { broker in
            var request = request()
            request.clientSoftwareName = name
            let response = try broker.connect().ask(request, version: 3)
            #expect(response.errorCode == .invalidRequest)
        }
    }
}

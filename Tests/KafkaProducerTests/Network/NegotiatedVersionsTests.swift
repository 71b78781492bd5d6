import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct NegotiatedVersionsTests {
    let broker = BrokerAddress(host: "example.org", port: 9092)

    @Test func theHighestCommonVersionIsTaken() throws {
        let versions = negotiate(.produce, 0, 9)
        #expect(try versions.version(of: .produce, broker: broker) == 9)
        #expect(try versions.version(of: .produce, atMost: 7, broker: broker) == 7)
        #expect(try negotiate(.produce, 3, 99).version(of: .produce, broker: broker) == 13)
    }

    @Test(arguments: [(Int16(0), Int16(2)), (14, 20), (9, 3)])
    func noCommonVersionIsAnErrorThatNamesTheBroker(lowest: Int16, highest: Int16) {
        let versions = negotiate(.produce, lowest, highest)
        let error = #expect(throws: KafkaError.self) { try versions.version(of: .produce, broker: broker) }
        #expect(error?.kind == .unsupportedVersion)
        #expect(error?.isFatal == true)
        #expect(error?.message.contains("example.org:9092") == true)
    }

    @Test func requestsThatAreNotKnownHereArePassedOver() {
        let response = ApiVersionsResponse { $0.apiKeys = [range(key: 9999, 0, 1)] }
        #expect(NegotiatedVersions(response) == NegotiatedVersions())
    }

    private func negotiate(_ api: APIKey, _ lowest: Int16, _ highest: Int16) -> NegotiatedVersions {
        NegotiatedVersions(ApiVersionsResponse { $0.apiKeys = [range(key: api.rawValue, lowest, highest)] })
    }

    private func range(key: Int16, _ lowest: Int16, _ highest: Int16) -> ApiVersionsResponse.SupportedVersions {
        .init {
            $0.apiKey = key
            $0.minVersion = lowest
            $0.maxVersion = highest
        }
    }
}

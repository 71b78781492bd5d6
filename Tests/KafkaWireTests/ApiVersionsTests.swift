import KafkaWire
import Testing

@Suite struct ApiVersionsTests {
    @Test func readsBackWhatItWrites() throws {
        var response = ApiVersionsResponse()
        response.finalizedFeatures = [.init()]
        response.finalizedFeaturesEpoch = 5
        let body = try response.encode(version: 4).bytes
        #expect(try ApiVersionsResponse.decode(body.span.bytes, version: 4) == response)
    }
}

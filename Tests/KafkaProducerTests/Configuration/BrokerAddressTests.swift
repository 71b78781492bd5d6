import Testing

@testable import KafkaProducer

@Suite struct BrokerAddressTests {
    @Test(arguments: [
        ("localhost:9092", "localhost", 9092), ("PLAINTEXT://example.org:1", "example.org", 1),
        ("[::1]:9092", "::1", 9092), ("10.0.0.1:65535", "10.0.0.1", 65535),
    ])
    func hostAndPortAreRead(text: String, host: String, port: Int) {
        #expect(BrokerAddress(text) == BrokerAddress(host: host, port: port))
    }

    @Test(arguments: [
        "", "localhost", "localhost:", ":9092", "localhost:0", "localhost:65536", "::1:9092", "a b:1", "h:x",
    ])
    func whatIsNeitherIsRefused(text: String) {
        #expect(BrokerAddress(text) == nil)
    }

    @Test func addressesAreWrittenAsTheyAreRead() {
        #expect(BrokerAddress(host: "::1", port: 9092).description == "[::1]:9092")
        #expect(BrokerAddress(host: "localhost", port: 9092).description == "localhost:9092")
    }
}

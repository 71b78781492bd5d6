import Testing

@testable import KafkaProducer

/// Each fails in `max.block.ms`, and says what is the matter.
@Suite struct UnreachableBrokerTests {
    @Test func aClosedPortIsNamed() throws {
        let peer = try Peer(greeting: nil)
        let address = peer.address
        try peer.close()
        try expect(address, "cannot connect to \(address): Connection refused")
    }

    @Test func aHostThatDoesNotResolveIsNamed() throws {
        try expect("no-such-host.invalid:9092", "the host 'no-such-host.invalid' does not resolve")
    }

    @Test func aPeerThatSpeaksHTTPIsRecognised() throws {
        let peer = try Peer(greeting: "HTTP/1.1 400 Bad Request\r\n\r\n")
        try expect(peer.address, "the peer speaks HTTP, not Kafka's protocol")
        try peer.close()
    }

    @Test func aPeerThatSaysNothingIsGivenUp() throws {
        let peer = try Peer(greeting: nil)
        try expect(peer.address, "did not answer")
        try peer.close()
    }

    @Test func aFrameThatIsTooLargeIsRefused() throws {
        let peer = try Peer(greeting: "\u{7f}\u{7f}\u{7f}\u{7f}")
        try expect(peer.address, "the peer does not speak Kafka's protocol")
        try peer.close()
    }

    private func expect(_ address: String, _ message: String) throws {
        let producer = try Producer<String, String>(
            .quick(address, ["max.block.ms": "300", "socket.connection.setup.timeout.ms": "50"]))
        let errors = Log<KafkaError?>()
        let future = try producer.send(ProducerRecord(topic: "orders", value: "v")) { _, error in errors.append(error) }
        #expect(future.isDone)
        let error = try #require(#expect(throws: KafkaError.self) { try future.get() })
        #expect(errors.entries == [error])
        #expect(error.kind == .timeout)
        #expect(error.message.contains("topic 'orders' not present in metadata after 300 ms (max.block.ms)"))
        #expect(error.message.contains(message), "\(error.message)")
        #expect(throws: KafkaError.self) { try producer.partitions(of: "orders") }
        try producer.close()
    }
}

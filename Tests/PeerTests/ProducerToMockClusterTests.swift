import KafkaProducer
import Testing

/// Our producer to three brokers that were written elsewhere, read back by a client that checks every checksum.
@Suite struct ProducerToMockClusterTests {
    private let lines = (0..<500).map { Line(key: "key-\($0 % 20)", value: "value \($0)") }

    @Test(arguments: Shape.all)
    func threeMockBrokersStoreWhatOurProducerWrote(_ shape: Shape) async throws {
        let cluster = try MockCluster()
        let stored = try await produce(
            shape.lines, to: "orders", on: cluster.bootstrapServers, settings: ["compression.type": shape.compression])
        let read = try await Kcat(bootstrapServers: cluster.bootstrapServers).read("orders")
        expectSame(read, shape.lines)
        expectPlaces(stored, of: shape.lines, in: read)
    }

    @Test func aRefusedBatchFailsWithTheBrokersError() async throws {
        var cluster = try MockCluster()
        try cluster.createTopic("orders", partitions: 1)
        try cluster.fail(apiKey: 0, with: [topicAuthorizationFailed])
        await #expect {
            _ = try await produce([Line(value: "refused")], to: "orders", on: cluster.bootstrapServers)
        } throws: { error in
            (error as? KafkaError)?.message.contains("orders") == true
        }
    }

    private let topicAuthorizationFailed = 29
}

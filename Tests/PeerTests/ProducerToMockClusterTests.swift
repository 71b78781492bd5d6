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

    @Test(arguments: [KafkaErrorCode.notLeader, .requestTimedOut, .notEnoughReplicas])
    func aPassingErrorOfProduceIsRetried(_ error: KafkaErrorCode) async throws {
        var cluster = try MockCluster()
        try cluster.createTopic("orders", partitions: 6)
        try cluster.fail(apiKey: 0, with: error.rawValue, times: 3)
        _ = try await produce(lines, to: "orders", on: cluster.bootstrapServers, settings: ["retry.backoff.ms": "10"])
        expectSame(try await Kcat(bootstrapServers: cluster.bootstrapServers).read("orders"), lines)
    }

    @Test func aRefusedBatchFailsWithTheBrokersError() async throws {
        var cluster = try MockCluster()
        try cluster.createTopic("orders", partitions: 1)
        try cluster.fail(apiKey: 0, with: KafkaErrorCode.topicAuthorizationFailed.rawValue, times: 1)
        await #expect {
            _ = try await produce([Line(value: "refused")], to: "orders", on: cluster.bootstrapServers)
        } throws: { error in
            (error as? KafkaError)?.message.contains("orders") == true
        }
    }

    @Test func aMovedLeaderIsFound() async throws {
        var cluster = try MockCluster()
        try cluster.createTopic("orders", partitions: 2)
        try cluster.setLeader("orders", partition: 0, broker: 1)
        try cluster.setLeader("orders", partition: 1, broker: 1)
        let configuration = try ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)
        let producer = try Producer<String, String>(configuration)
        try await producer.send(ProducerRecord(topic: "orders", partition: 0, value: "before"))
        try cluster.setLeader("orders", partition: 0, broker: 2)
        try await producer.send(ProducerRecord(topic: "orders", partition: 0, value: "after"))
        await producer.close()
        let read = try await Kcat(bootstrapServers: cluster.bootstrapServers).read("orders")
        #expect(read.map(\.value) == ["before", "after"])
    }
}

/// Kafka's codes of the errors that the mock brokers are told to answer.
enum KafkaErrorCode: Int {
    case notLeader = 6
    case requestTimedOut = 7
    case notEnoughReplicas = 19
    case topicAuthorizationFailed = 29
}

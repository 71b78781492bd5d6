import Testing

/// The mock cluster itself, as other tests rely on it.
@Suite struct MockClusterTests {
    @Test func threeBrokersStoreWhatKcatWrites() async throws {
        var cluster = try MockCluster()
        try cluster.createTopic("orders", partitions: 6)
        #expect(cluster.bootstrapServers.split(separator: ",").count == 3)
        let kcat = Kcat(bootstrapServers: cluster.bootstrapServers)
        let lines = (0..<100).map { Line(key: "key-\($0 % 10)", value: "value \($0)") }
        try await kcat.send(lines, to: "orders")
        expectSame(try await kcat.read("orders"), lines)
    }

    @Test func refusesACommandThatItDoesNotKnow() throws {
        var cluster = try MockCluster(brokers: 1)
        #expect(throws: MockClusterFailure.self) { try cluster.setLeader("no-such-topic", partition: 0, broker: 9) }
    }
}

import DevBroker
import KafkaProducer
import Testing

/// Our producer to the embedded broker, read by a client that was written elsewhere.
@Suite struct ProducerToKcatTests {
    @Test(arguments: Shape.all)
    func kcatReadsWhatOurProducerWrote(_ shape: Shape) async throws {
        let broker = DevBroker()
        try await broker.start()
        let stored = try await produce(
            shape.lines, to: "orders", on: broker.bootstrapServers, settings: ["compression.type": shape.compression])
        let read = try await Kcat(bootstrapServers: broker.bootstrapServers).read("orders")
        try await broker.shutdown()
        expectSame(read, shape.lines)
        expectPlaces(stored, of: shape.lines, in: read)
    }

    @Test func kcatTellsNullFromEmpty() async throws {
        let broker = DevBroker()
        try await broker.start()
        let lines = [
            Line(key: nil, value: "no key"), Line(key: "", value: "empty key"), Line(key: "tombstone", value: nil),
            Line(key: "empty", value: ""), Line(key: nil, value: nil),
        ]
        _ = try await produce(lines, to: "orders", on: broker.bootstrapServers)
        let read = try await Kcat(bootstrapServers: broker.bootstrapServers).read("orders")
        try await broker.shutdown()
        #expect(Set(read.map(\.content)) == Set(lines))
    }

    @Test func threeNodesShareTheRecords() async throws {
        var configuration = DevBrokerConfiguration()
        configuration.nodes = 3
        configuration.partitionsPerTopic = 6
        let broker = DevBroker(configuration)
        try await broker.start()
        let lines = (0..<1_000).map { Line(key: "key-\($0 % 50)", value: "value \($0)") }
        let stored = try await produce(lines, to: "orders", on: broker.bootstrapServers)
        let read = try await Kcat(bootstrapServers: broker.bootstrapServers).read("orders")
        try await broker.shutdown()
        expectSame(read, lines)
        expectPlaces(stored, of: lines, in: read)
        #expect(Set(read.map(\.partition)).count == 6)
    }
}

import DevBroker
import KafkaProducer
import Testing

/// What a client written elsewhere wrote, read by our reader.
@Suite struct KcatToReaderTests {
    @Test(arguments: Shape.all)
    func ourReaderReadsWhatKcatWroteToTheEmbeddedBroker(_ shape: Shape) async throws {
        let broker = DevBroker()
        try await broker.start()
        let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
        try await kcat.send(shape.lines, to: "orders", compression: shape.compression, headers: shape.headers)
        let read = try await readAll("orders", count: shape.lines.count, on: broker.bootstrapServers)
        try await broker.shutdown()
        expectSame(read, shape.lines)
    }

    @Test(arguments: Shape.all)
    func ourReaderReadsWhatKcatWroteToMockBrokers(_ shape: Shape) async throws {
        let cluster = try MockCluster()
        let kcat = Kcat(bootstrapServers: cluster.bootstrapServers)
        try await kcat.send(shape.lines, to: "orders", compression: shape.compression, headers: shape.headers)
        let read = try await readAll("orders", count: shape.lines.count, on: cluster.bootstrapServers)
        expectSame(read, shape.lines)
    }

    /// Reads until so many records have come, or nothing more comes.
    private func readAll(_ topic: String, count: Int, on bootstrapServers: String) async throws -> [Line] {
        let reader = TopicReader(try ProducerConfiguration(bootstrapServers: bootstrapServers), topic: topic)
        var lines: [Line] = []
        while lines.count < count {
            let records = try await reader.poll(maxWait: .seconds(10))
            if records.isEmpty { break }
            lines += records.map(Line.init)
        }
        await reader.close()
        return lines
    }
}

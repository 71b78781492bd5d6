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

    /// librdkafka gives up compression without a word for brokers of which it believes that they do not have it.
    @Test(arguments: ["gzip", "snappy", "lz4", "zstd"])
    func kcatCompressesForTheEmbeddedBroker(_ compression: String) async throws {
        var configuration = DevBrokerConfiguration()
        configuration.maxMessageBytes = 20_000
        let broker = DevBroker(configuration)
        try await broker.start()
        let lines = [Line(value: String(repeating: "banana ", count: 10_000))]
        try await Kcat(bootstrapServers: broker.bootstrapServers).send(lines, to: "orders", compression: compression)
        expectSame(try await readAll("orders", count: 1, on: broker.bootstrapServers), lines)
        try await broker.shutdown()
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

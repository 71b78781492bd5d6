import DevBroker
import KafkaWire
import Testing

/// kcat on both sides of the embedded broker: what it stores is what a client written elsewhere wrote.
@Suite struct KcatTests {
    /// Another client's idempotence bears what the broker does on purpose, so that it is fair.
    @Test func theEmbeddedBrokersFaultsAreOnesThatAClientCanBear() async throws {
        var configuration = DevBrokerConfiguration()
        configuration.nodes = 3
        configuration.faults = Faults([.late: 100, .moves: 50])
        let broker = DevBroker(configuration)
        try await broker.start()
        try broker.createTopic("orders", partitions: 6)
        for code in [ErrorCode.notEnoughReplicas, .notLeaderOrFollower, .requestTimedOut, .leaderNotAvailable] {
            broker.inject(.error(code), times: 3)
        }
        let lines = (0..<2000).map { Line(key: "key-\($0 % 50)", value: "value \($0)") }
        let settings = ["enable.idempotence=true", "retry.backoff.ms=1", "batch.num.messages=20", "linger.ms=1"]
        try await Kcat(bootstrapServers: broker.bootstrapServers).send(lines, to: "orders", settings: settings)
        #expect(!broker.faultCounts.isEmpty)
        broker.faults = Faults()
        expectSame(try await Kcat(bootstrapServers: broker.bootstrapServers).read("orders"), lines)
        try await broker.shutdown()
    }

    @Test(arguments: Shape.all)
    func kcatReadsWhatKcatWrote(_ shape: Shape) async throws {
        let broker = DevBroker()
        try await broker.start()
        let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
        try await kcat.send(shape.lines, to: "orders", compression: shape.compression, headers: shape.headers)
        let read = try await kcat.read("orders")
        try await broker.shutdown()
        expectSame(read, shape.lines)
    }

    @Test func kcatWritesIdempotently() async throws {
        let broker = DevBroker()
        try await broker.start()
        let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
        let lines = (0..<5_000).map { Line(value: "record \($0)") }
        try await kcat.send(
            lines, to: "orders", settings: ["enable.idempotence=true", "batch.num.messages=100", "linger.ms=0"])
        let read = try await kcat.read("orders")
        try await broker.shutdown()
        expectSame(read, lines)
    }
}

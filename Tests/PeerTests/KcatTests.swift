import DevBroker
import Testing

/// kcat on both sides of the embedded broker: what it stores is what a client written elsewhere wrote.
@Suite struct KcatTests {
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

import ChildProcess
import DevBroker
import KafkaWire
import Testing

@testable import Benchmarks

/// Turns in processes of their own, as `compare` runs them, against a broker that keeps what it gets; one after the
/// other, to leave other tests their share of the machine.
@Suite(.serialized) struct TurnTests {
    private static let turns = BenchmarkCase.all.flatMap { benchmark in
        benchmark.contenders.map { [benchmark.name, $0.rawValue] }
    }

    private func run(
        _ turn: [String], records: Int, on broker: borrowing DevBroker
    ) async throws -> Outcome {
        try await ChildProcess.run(
            BuiltProduct("kafka-lua-benchmarks").path,
            [
                "turn", "--case", turn[0], "--contender", turn[1], "--records", "\(records)", "--bootstrap-server",
                broker.bootstrapServers,
            ], within: .seconds(300))
    }

    @Test(arguments: turns)
    func aTurnSendsTheCasesRecords(turn: [String]) async throws {
        let benchmark = try #require(BenchmarkCase.named(turn[0]))
        var configuration = DevBrokerConfiguration()
        configuration.partitionsPerTopic = benchmark.partitions
        configuration.nodes = benchmark.nodes
        let broker = DevBroker(configuration)
        try await broker.start()
        let outcome = try await run(turn, records: 501, on: broker)
        let result = try #require(
            outcome.lines.last.flatMap { TurnResult(line: String($0)) }, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.status == 0)
        #expect(result.records == 501)
        #expect(result.wallSeconds > 0)
        #expect(result.processorSeconds > 0)
        #expect(result.peakMegabytes > 1)
        #expect((result.p50Microseconds > 0) == (benchmark.way == .roundTrip))

        let isIntercepted = benchmark.plugin == .interceptor && turn[1] == ContenderName.kafkaLua.rawValue
        var count = 0
        for partition in 0..<benchmark.partitions
        where broker.endOffset(topic: topic, partition: partition) ?? 0 > 0 {
            for record in try broker.records(topic: topic, partition: partition) {
                count += 1
                #expect(record.value?.count == benchmark.valueBytes + (isIntercepted ? 5 : 0))
                #expect(record.key?.count == (benchmark.keys > 0 ? BenchmarkCase.keyBytes : nil))
            }
        }
        #expect(count == 1_000 + 501)
        try await broker.shutdown()
    }

    @Test(arguments: turns.filter { $0[0] == "value-10k" || $0[0] == "future" || $0[0] == "script-positional" })
    func aTurnWhoseRecordsFailFails(turn: [String]) async throws {
        var configuration = DevBrokerConfiguration()
        configuration.maxMessageBytes = 100
        let broker = DevBroker(configuration)
        try await broker.start()
        let outcome = try await run(turn, records: 100, on: broker)
        #expect(outcome.status != 0)
        #expect(TurnResult(line: String(outcome.lines.last ?? "")) == nil)
        try await broker.shutdown()
    }
}

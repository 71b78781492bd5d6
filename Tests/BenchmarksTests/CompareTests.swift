import ChildProcess
import Testing

@testable import Benchmarks

/// The program as a whole, with few records.
@Suite struct CompareTests {
    private func run(_ arguments: String...) async throws -> Outcome {
        try await ChildProcess.run(
            BuiltProduct("kafka-lua-benchmarks").path, arguments, within: .seconds(300))
    }

    @Test func contendersAreMeasuredSideBySide() async throws {
        let outcome = try await run(
            "--turns", "2", "--records", "500", "--filter", "keyed", "--filter", "lua-partitioner", "--json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.lines
        try #require(lines.count == 5)
        #expect(lines[0].hasPrefix(#"{"system":""#))
        #expect(lines[1].hasPrefix(#"{"case":"keyed","contender":"librdkafka","version":""#))
        #expect(lines[2].contains(#""contender":"kafka-lua","version":"dev","records":500,"turns":2,"baseline":"lib"#))
        #expect(lines[2].contains(#""speedRatio":"#))
        #expect(lines[3].contains(#""contender":"without-plugin""#))
        #expect(lines[4].contains(#""addedCpuMicrosecondsPerRecord":"#))
        #expect(!lines[4].contains(#""speedRatio":"#))
    }

    @Test func casesAreListedAndUnknownOnesRefused() async throws {
        let list = try await run("--list")
        #expect(list.lines.count == BenchmarkCase.all.count)
        #expect(list.lines.first == "fire-and-forget    100 B, acks=1, linger 5 ms, batches of 1 MB")
        let unknown = try await run("--filter", "nothing")
        #expect(unknown.status != 0)
        #expect(unknown.errors.contains("--list shows them"))
    }
}

import ChildProcess
import DevBroker
import Testing

/// Calls of malloc, counted in a process of its own; one after the other, as each keeps a processor busy.
@Suite(.serialized) struct AllocationTests {
    /// How often memory is asked for while so many records are sent; nil where that cannot be counted.
    private func allocations(_ records: Int, _ options: [String]) async throws -> Int? {
        var configuration = DevBrokerConfiguration()
        configuration.discard = true
        configuration.partitionsPerTopic = 6
        let broker = DevBroker(configuration)
        try await broker.start()
        let outcome = try await ChildProcess.run(
            BuiltProduct("Allocations").path, [broker.bootstrapServers, "\(records)"] + options,
            within: .seconds(300))
        try await broker.shutdown()
        try #require(outcome.status == 0, "\(outcome.errors)")
        let line = try #require(outcome.lines.last.map(String.init))
        if line == "uncounted" { return nil }
        let count: Int = try #require(Int(line))
        return count
    }

    /// What is counted goes with batches and bytes, not with records: without optimization some 190 for 1 MB, and
    /// more where the machine is busy and a batch is written in many parts.
    @Test(arguments: [10, 100], [0, 1_000])
    func aRecordThatNobodyAsksAfterTakesNoMemoryOfItsOwn(valueBytes: Int, keys: Int) async throws {
        let records = 300_000
        let options = ["--value-bytes", "\(valueBytes)", "--keys", "\(keys)"]
        guard let count = try await allocations(records, options) else { return }
        print("\(count) allocations for \(records) records of \(valueBytes) bytes, \(keys) keys")
        #expect(count < records / 20)
    }

    @Test func whatARecordTakesIsCounted() async throws {
        let records = 100_000
        guard let count = try await allocations(records, ["--callback"]) else { return }
        #expect(count >= records)
    }
}

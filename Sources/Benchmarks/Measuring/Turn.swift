import ChildProcess

/// One contender's turn at one case, in this process.
struct Turn {
    let benchmark: BenchmarkCase
    let contender: ContenderName
    let bootstrapServers: String
    /// How many are measured; none at all shows what the rest of the process costs.
    let records: Int

    /// Sent before the clock starts, so that connections, metadata and pools are there.
    private static let warmUpRecords = 1_000

    func run() throws -> TurnResult {
        let producer = try contender.open(benchmark, bootstrapServers: bootstrapServers)
        defer { producer.close() }
        let send: (Int) throws -> [UInt64] =
            switch benchmark.way {
            case .roundTrip: producer.roundTrips
            case .fireAndForget, .future, .callback, .script:
                { records in
                    try producer.send(records)
                    return []
                }
            }
        _ = try send(Self.warmUpRecords)

        let before = ProcessUsage.now()
        let nanoseconds = try send(records)
        let after = ProcessUsage.now()

        let microseconds = nanoseconds.map { Double($0) / 1_000 }.sorted()
        return TurnResult(
            version: producer.version, records: records,
            wallSeconds: (after.instant - before.instant) / .seconds(1),
            processorSeconds: (after.processor - before.processor) / .seconds(1),
            peakMegabytes: Double(after.peakBytes) / 1e6,
            p50Microseconds: percentile(50, of: microseconds),
            p99Microseconds: percentile(99, of: microseconds))
    }
}

extension BenchmarkCase {
    /// The cases, in the order in which they are measured.
    static let all: [BenchmarkCase] = [
        BenchmarkCase(name: "fire-and-forget", summary: "100 B, acks=1, linger 5 ms, batches of 1 MB"),
        BenchmarkCase(
            name: "batch-16k", summary: "100 B, the default batch.size", settings: ["batch.size": "16384"]),
        BenchmarkCase(name: "keyed", summary: "100 B, 1,000 keys", keys: 1_000),
        BenchmarkCase(
            name: "idempotent", summary: "100 B, acks=all, idempotent",
            settings: ["acks": "all", "enable.idempotence": "true"]),
        BenchmarkCase(name: "callback", summary: "100 B, a callback a record", way: .callback),
        BenchmarkCase(
            name: "round-trip", summary: "100 B, acks=1, linger 0, send and wait", way: .roundTrip, records: 20_000,
            settings: ["linger.ms": "0"]),
    ]

    static func named(_ name: String) -> BenchmarkCase? {
        all.first { $0.name == name }
    }
}

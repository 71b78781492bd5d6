extension BenchmarkCase {
    /// The cases, in the order in which they are measured.
    static let all = waysToSend + sizes + compression + lua + clusters

    private static let waysToSend = [
        BenchmarkCase(name: "fire-and-forget", summary: "100 B, acks=1, linger 5 ms, batches of 1 MB"),
        BenchmarkCase(
            name: "future", summary: "100 B, each record's future asked, 100,000 records later", way: .future),
        BenchmarkCase(name: "callback", summary: "100 B, a callback a record", way: .callback),
        BenchmarkCase(
            name: "idempotent", summary: "100 B, acks=all, idempotent",
            settings: ["acks": "all", "enable.idempotence": "true"]),
        BenchmarkCase(name: "keyed", summary: "100 B, 1,000 keys", keys: 1_000),
        BenchmarkCase(name: "two-threads", summary: "100 B, two threads share the producer", threads: 2),
        BenchmarkCase(
            name: "round-trip", summary: "100 B, acks=1, linger 0, send and wait", way: .roundTrip, records: 20_000,
            settings: ["linger.ms": "0"]),
    ]

    private static let sizes = [
        BenchmarkCase(
            name: "batch-16k", summary: "100 B, the default batch.size of 16 KB", settings: ["batch.size": "16384"]),
        BenchmarkCase(name: "value-10", summary: "10 B", valueBytes: 10),
        BenchmarkCase(name: "value-1k", summary: "1 KB", records: 2_000_000, valueBytes: 1_000),
        BenchmarkCase(name: "value-10k", summary: "10 KB", records: 200_000, valueBytes: 10_000),
    ]

    // lz4 without a level is the same fast mode of the same library: librdkafka's 0 and Java's 9.
    private static let compression = [
        BenchmarkCase(
            name: "gzip", summary: "100 B, gzip at level 6", records: 500_000,
            compression: CompressionLevel(codec: "gzip", level: 6)),
        BenchmarkCase(
            name: "snappy", summary: "100 B, snappy", compression: CompressionLevel(codec: "snappy", level: nil)),
        BenchmarkCase(
            name: "lz4", summary: "100 B, lz4's fast mode", compression: CompressionLevel(codec: "lz4", level: nil)),
        BenchmarkCase(
            name: "zstd", summary: "100 B, zstd at level 3", records: 2_000_000,
            compression: CompressionLevel(codec: "zstd", level: 3)),
    ]

    private static let lua = [
        BenchmarkCase(
            name: "script-positional", summary: "100 B, p:send(topic, nil, value) in a script; librdkafka from C",
            way: .script(.positional)),
        BenchmarkCase(
            name: "script-table", summary: "100 B, p:send{…} in a script; librdkafka from C", way: .script(.table),
            records: 2_000_000),
        BenchmarkCase(
            name: "lua-partitioner", summary: "100 B, 1,000 keys, a script's loop with a Lua partitioner, and without",
            way: .script(.positional), plugin: .partitioner, records: 2_000_000, keys: 1_000),
        BenchmarkCase(
            name: "lua-by-key", summary: "the same, with a partitioner that is asked once a key",
            way: .script(.positional), plugin: .partitionerByKey, records: 2_000_000, keys: 1_000),
        BenchmarkCase(
            name: "lua-interceptor", summary: "100 B, a script's loop with a Lua interceptor, and without",
            way: .script(.positional), plugin: .interceptor, records: 1_000_000),
    ]

    private static let clusters = [
        cluster(partitions: 6, nodes: 1),
        cluster(partitions: 10_000, nodes: 1),
        cluster(partitions: 192, nodes: 32),
        cluster(partitions: 10_000, nodes: 32),
    ]

    /// So many keys that each of 10,000 partitions has some, and the same settings for all clusters: batches that may
    /// fill before they are sent, and memory for one in each partition.
    private static func cluster(partitions: Int, nodes: Int) -> BenchmarkCase {
        BenchmarkCase(
            name: "cluster-\(partitions)-\(nodes)",
            summary: "100 B, 100,000 keys, 16 KB batches, linger 500 ms, \(figure(Double(partitions), digits: 0)) "
                + "partitions, " + (nodes == 1 ? "1 node" : "\(nodes) nodes"),
            records: 2_000_000, keys: 100_000, partitions: partitions, nodes: nodes,
            settings: ["batch.size": "16384", "linger.ms": "500"], ownSettings: ["buffer.memory": "1073741824"])
    }

    static func named(_ name: String) -> BenchmarkCase? {
        all.first { $0.name == name }
    }

    /// The cases whose names contain one of the words; all of them where there are no words.
    static func matching(_ words: [String]) -> [BenchmarkCase] {
        all.filter { benchmark in words.isEmpty || words.contains { benchmark.name.contains($0) } }
    }
}

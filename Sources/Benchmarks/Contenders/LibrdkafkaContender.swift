import CRdkafka

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// librdkafka from C, set as somebody who knows it sets it for throughput.
struct LibrdkafkaContender: Contender {
    /// Names another library than the system's.
    static let libraryVariable = "KAFKA_LUA_RDKAFKA"

    // All deliveries are reported, also where nobody asks: records whose reports the sending thread polls are freed by
    // that thread, which costs less than freeing them on librdkafka's own (3.4 instead of 2.5 million records/s).

    /// Settings without a counterpart in Kafka's own: a queue that is never the limit, and no limit on a batch but
    /// `batch.size`.
    private static let tuning = [
        "queue.buffering.max.messages": "1000000",
        "queue.buffering.max.kbytes": "1048576",
        "batch.num.messages": "1000000",
        "message.max.bytes": "10000000",
        "partitioner": "murmur2_random",
        "socket.nagle.disable": "true",
        "log_level": "3",
    ]

    private let producer: OpaquePointer
    private let way: BenchmarkCase.Way
    private let threads: Int
    private let keys: Payload
    private let values: Payload

    init(_ benchmark: BenchmarkCase, bootstrapServers: String) throws {
        way = benchmark.way
        threads = benchmark.threads
        keys = .keys(benchmark.keys)
        values = .values(bytes: benchmark.valueBytes)
        var settings = Self.tuning.merging(benchmark.librdkafkaConfiguration) { _, given in given }
        settings["bootstrap.servers"] = bootstrapServers
        let names = settings.flatMap { [$0.key, $0.value] }
        producer = try Self.explained { error, capacity in
            let copies = names.map { UnsafePointer(strdup($0)) }
            defer { for copy in copies { free(UnsafeMutablePointer(mutating: copy)) } }
            return crdkafka_producer_open(
                getenv(Self.libraryVariable), copies + [nil], topic, error, capacity)
        }
    }

    var version: String {
        String(cString: crdkafka_producer_version(producer))
    }

    func send(_ records: Int) throws {
        try withItems { keys, values in
            try Self.explained { error, capacity in
                send(keys, values, UInt64(records), error, capacity) ? () : nil
            }
        }
    }

    private func send(
        _ keys: crdkafka_items, _ values: crdkafka_items, _ records: UInt64, _ error: UnsafeMutablePointer<CChar>,
        _ capacity: Int
    ) -> Bool {
        if way == .future {
            return crdkafka_producer_send_and_ask(
                producer, keys, values, records, BenchmarkCase.futureWindow, error, capacity)
        }
        if threads > 1 {
            return crdkafka_producer_send_threads(producer, keys, values, records, threads, error, capacity)
        }
        // The count of each record's report is its callback.
        return crdkafka_producer_send(producer, keys, values, records, error, capacity)
    }

    func roundTrips(_ records: Int) throws -> [UInt64] {
        var nanoseconds = [UInt64](repeating: 0, count: records)
        try withItems { keys, values in
            try Self.explained { error, capacity in
                crdkafka_producer_round_trips(
                    producer, keys, values, UInt64(records), &nanoseconds, error, capacity) ? () : nil
            }
        }
        return nanoseconds
    }

    func close() {
        crdkafka_producer_close(producer)
    }

    private func withItems(_ body: (crdkafka_items, crdkafka_items) throws -> Void) throws {
        try keys.bytes.withUnsafeBufferPointer { keyBytes in
            try values.bytes.withUnsafeBufferPointer { valueBytes in
                try body(
                    crdkafka_items(bytes: keyBytes.baseAddress, item_bytes: keys.itemBytes, count: keys.count),
                    crdkafka_items(bytes: valueBytes.baseAddress, item_bytes: values.itemBytes, count: values.count))
            }
        }
    }

    /// Calls a function that explains in a buffer of characters why it answers nothing.
    private static func explained<Result>(
        _ body: (UnsafeMutablePointer<CChar>, Int) -> Result?
    ) throws -> Result {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
            buffer.initialize(repeating: 0)
            guard let error = buffer.baseAddress else { throw BenchmarkError("no memory") }
            if let result = body(error, buffer.count) { return result }
            throw BenchmarkError("librdkafka: " + String(cString: error))
        }
    }
}

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
    private let keys: Payload
    private let values: Payload

    init(_ benchmark: BenchmarkCase, bootstrapServers: String) throws {
        keys = .keys(benchmark.keys)
        values = .values(bytes: benchmark.valueBytes)
        var settings = Self.tuning.merging(benchmark.configuration) { _, given in given }
        settings["bootstrap.servers"] = bootstrapServers
        let names = settings.flatMap { [$0.key, $0.value] }
        // Also where nobody asks for them: records whose reports the sending thread polls are freed by that thread,
        // which costs less than freeing them on librdkafka's own (3.4 instead of 2.5 million records/s here).
        let reports = true
        producer = try Self.explained { error, capacity in
            let copies = names.map { UnsafePointer(strdup($0)) }
            defer { for copy in copies { free(UnsafeMutablePointer(mutating: copy)) } }
            return crdkafka_producer_open(
                getenv(Self.libraryVariable), copies + [nil], topic, reports, error, capacity)
        }
    }

    var version: String {
        String(cString: crdkafka_producer_version(producer))
    }

    func send(_ records: Int) throws {
        try withItems { keys, values in
            try Self.explained { error, capacity in
                crdkafka_producer_send(producer, keys, values, UInt64(records), error, capacity) ? () : nil
            }
        }
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

import Dispatch
import KafkaProducer
import Synchronization

/// The version that results of our own producer bear.
let ownVersion = "dev"

/// The producer of this package, through its public face.
struct KafkaLuaContender: Contender {
    let version = ownVersion

    private let producer: Producer<[UInt8], [UInt8]>
    private let way: BenchmarkCase.Way
    private let threads: Int
    private let keys: [[UInt8]]
    private let values: [[UInt8]]

    init(_ benchmark: BenchmarkCase, bootstrapServers: String) throws {
        var configuration = try ProducerConfiguration(properties: benchmark.configuration)
        try configuration.set("bootstrap.servers", bootstrapServers)
        producer = try Producer(configuration)
        way = benchmark.way
        threads = benchmark.threads
        keys = Payload.keys(benchmark.keys).items
        values = Payload.values(bytes: benchmark.valueBytes).items
    }

    func send(_ records: Int) throws {
        switch way {
        case .future: try sendWithFutures(records)
        case .callback: try sendWithCallback(records)
        case .fireAndForget, .roundTrip, .script:
            let before = delivered
            if threads > 1 { try sendFromThreads(records) } else { try fireAndForget(records) }
            try producer.flush()
            guard delivered - before == records else {
                throw BenchmarkError("\(delivered - before) of \(records) records were delivered")
            }
        }
    }

    func roundTrips(_ records: Int) throws -> [UInt64] {
        var source = RecordSource(keys: keys, values: values)
        return try (0..<records).map { _ in
            let start = ContinuousClock.now
            try producer.send(source.next()).get()
            return UInt64((ContinuousClock.now - start) / .nanoseconds(1))
        }
    }

    func close() {
        try? producer.close()
    }

    private var delivered: Int {
        producer.deliveryReports.reduce(0) { $0 + $1.delivered }
    }

    private func fireAndForget(_ records: Int) throws {
        var source = RecordSource(keys: keys, values: values)
        for _ in 0..<records { try producer.send(source.next()) }
    }

    private func sendFromThreads(_ records: Int) throws {
        let failure = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            do {
                try fireAndForget(records / threads + (thread < records % threads ? 1 : 0))
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// As a program does it that must know what became of each record: it keeps the futures of the latest records, and
    /// asks the oldest before another takes its place.
    private func sendWithFutures(_ records: Int) throws {
        var source = RecordSource(keys: keys, values: values)
        var window: [DeliveryFuture] = []
        window.reserveCapacity(BenchmarkCase.futureWindow)
        var oldest = 0
        for _ in 0..<records {
            var future = try producer.send(source.next())
            if window.count < BenchmarkCase.futureWindow {
                window.append(future)
            } else {
                swap(&window[oldest], &future)
                try future.get()
                oldest = oldest + 1 == window.count ? 0 : oldest + 1
            }
        }
        try producer.flush()
        for future in window { try future.get() }
    }

    private func sendWithCallback(_ records: Int) throws {
        let counter = Counter()
        let callback: DeliveryCallback = { _, error in counter.count(error) }
        var source = RecordSource(keys: keys, values: values)
        for _ in 0..<records {
            try producer.send(source.next(), onCompletion: callback)
        }
        try producer.flush()
        guard counter.delivered.load(ordering: .relaxed) == records else {
            throw BenchmarkError("\(counter.failed.load(ordering: .relaxed)) of \(records) records failed")
        }
    }
}

/// Makes the records, with keys and values in turn.
private struct RecordSource {
    let keys: [[UInt8]]
    let values: [[UInt8]]
    private var key = 0
    private var value = 0

    init(keys: [[UInt8]], values: [[UInt8]]) {
        self.keys = keys
        self.values = values
    }

    @inline(__always)
    mutating func next() -> ProducerRecord<[UInt8], [UInt8]> {
        ProducerRecord(topic: topic, key: keys.isEmpty ? nil : Self.next(keys, &key), value: Self.next(values, &value))
    }

    @inline(__always)
    private static func next(_ items: [[UInt8]], _ index: inout Int) -> [UInt8] {
        defer { index = index + 1 == items.count ? 0 : index + 1 }
        return items[index]
    }
}

/// Counts outcomes on the producer's thread.
private final class Counter: Sendable {
    let delivered = Atomic(0)
    let failed = Atomic(0)

    func count(_ error: KafkaError?) {
        if error == nil {
            delivered.wrappingAdd(1, ordering: .relaxed)
        } else {
            failed.wrappingAdd(1, ordering: .relaxed)
        }
    }
}

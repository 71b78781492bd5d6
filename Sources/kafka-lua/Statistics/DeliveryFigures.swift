import Histogram
import KafkaProducer

/// What became of records, counted: by topic and partition, by time, by latency. Bounded, however many they are.
struct DeliveryFigures: Sendable {
    struct Topic: Equatable, Sendable {
        var name: String
        var delivered = 0
        var failed = 0
        /// Bytes of keys and values that were delivered.
        var bytes = 0
        /// Records delivered, partition by partition.
        var partitions: [Int] = []
    }

    /// In order of their first record.
    private(set) var topics: [Topic] = []
    /// Microseconds from when a record was due, or was handed over, to its acknowledgement.
    private(set) var latency = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    /// Records delivered.
    private(set) var throughput = ThroughputSeries()
    /// How often records failed with which error; those beyond ``errorLimit`` kinds count as the last of them.
    private(set) var errors: [(name: String, count: Int)] = []
    /// When counting began, in nanoseconds of ``MonotonicClock``.
    let start: Int64
    /// When the last record was acknowledged.
    private(set) var end: Int64
    private var latest = 0

    private static let errorLimit = 20
    /// No broker has more; a number beyond is not counted by partition.
    private static let partitionLimit = 1 << 20

    init(start: Int64) {
        self.start = start
        end = start
    }

    /// Nanoseconds from the start to the last acknowledgement.
    var elapsed: Int64 { end - start }
    var delivered: Int { topics.reduce(0) { $0 + $1.delivered } }
    var failed: Int { topics.reduce(0) { $0 + $1.failed } }
    var bytes: Int { topics.reduce(0) { $0 + $1.bytes } }

    /// Counts a record that is done.
    /// - Parameters:
    ///   - due: when it was to be sent.
    ///   - now: when it was acknowledged, or has failed.
    mutating func add(_ metadata: RecordMetadata, _ error: KafkaError?, due: Int64, now: Int64) {
        if topics.isEmpty || topics[latest].name != metadata.topic { latest = index(of: metadata.topic) }
        end = max(end, now)
        if let error { return add(error) }
        topics[latest].add(metadata)
        latency.record(UInt64(max(0, now - due)) / 1_000)
        throughput.add(at: now - start)
    }

    private mutating func add(_ error: KafkaError) {
        topics[latest].failed += 1
        let name = error.name
        if let index = errors.firstIndex(where: { $0.name == name }) {
            errors[index].count += 1
        } else if errors.count < Self.errorLimit {
            errors.append((name, 1))
        } else {
            errors[errors.count - 1].count += 1
        }
    }

    private mutating func index(of topic: String) -> Int {
        if let index = topics.firstIndex(where: { $0.name == topic }) { return index }
        topics.append(Topic(name: topic))
        return topics.count - 1
    }

    /// Adds the partitions of a topic that have no record so far: what is not used is worth seeing.
    mutating func know(partitions count: Int, of topic: String) {
        guard let index = topics.firstIndex(where: { $0.name == topic }) else { return }
        topics[index].know(partitions: min(count, Self.partitionLimit))
    }
}

extension DeliveryFigures.Topic {
    fileprivate mutating func know(partitions count: Int) {
        while partitions.count < count { partitions.append(0) }
    }

    fileprivate mutating func add(_ metadata: RecordMetadata) {
        delivered += 1
        bytes += Int(max(0, metadata.serializedKeySize)) + Int(max(0, metadata.serializedValueSize))
        let partition = Int(metadata.partition)
        guard partition >= 0, partition < DeliveryFigures.partitionLimit else { return }
        if partition >= partitions.count { know(partitions: partition + 1) }
        partitions[partition] += 1
    }
}

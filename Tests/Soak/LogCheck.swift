import KafkaWire

/// Compares what the partitions have with what was sent and acknowledged.
struct LogCheck {
    /// What is wrong, in words.
    var problems: [String] = []
    /// Records that are in the log a second time.
    private(set) var duplicates = 0

    private let ledger: Ledger.Contents
    private let threads: Int
    private let isIdempotent: Bool
    private let allowsFailures: Bool
    /// Where each record was found first; −1 if nowhere.
    private var partitions: [Int32]
    /// Whether each record was found at the place that was acknowledged.
    private var isWhereAcknowledged: [Bool]

    private var partition: Int32 = 0
    /// The last record of each thread in the partition.
    private var last: [Int] = []
    private var disorder: (count: Int, first: String)?

    var failed: Int { ledger.failures }
    var longestPause: Duration { ledger.longestPause }

    init(_ ledger: Ledger, _ command: SoakCommand) {
        self.ledger = ledger.take()
        threads = command.threads
        isIdempotent = command.idempotence
        allowsFailures = command.allowFailures
        partitions = Array(repeating: -1, count: self.ledger.entries.count)
        isWhereAcknowledged = Array(repeating: false, count: self.ledger.entries.count)
    }

    mutating func begin(partition: Int) {
        self.partition = Int32(partition)
        last = Array(repeating: -1, count: threads)
    }

    mutating func look(at record: borrowing RecordView) {
        guard let value = record.value, value.byteCount == MemoryLayout<Int64>.size,
            case let number = Int(Int64(bigEndian: value.unsafeLoadUnaligned(as: Int64.self))),
            partitions.indices.contains(number)
        else { return problems.append("partition \(partition), offset \(record.offset): nobody sent this record") }
        if partitions[number] >= 0 { duplicates += 1 }
        partitions[number] = partition
        if ledger.entries[number].offset == record.offset { isWhereAcknowledged[number] = true }
        let thread = number % threads
        if number <= last[thread] {
            let place = "partition \(partition), offset \(record.offset): record \(number) after \(last[thread])"
            disorder = (count: (disorder?.count ?? 0) + 1, first: disorder?.first ?? place)
        }
        last[thread] = number
    }

    /// - Parameter place: The partition that each record was sent to.
    mutating func finish(place: (Int) -> Int) {
        let entries = ledger.entries
        report(entries.indices.filter { entries[$0].calls != 1 }, "had another number of callbacks than one")
        report(entries.indices.filter { partitions[$0] < 0 && !entries[$0].hasFailed }, "are lost")
        report(
            entries.indices.filter { partitions[$0] >= 0 && partitions[$0] != place($0) }, "are in another partition")
        report(
            entries.indices.filter { entries[$0].offset >= 0 && !isWhereAcknowledged[$0] },
            "are not at the offset that was acknowledged")
        if failed > 0, !allowsFailures { problems.append("\(failed) failed, the first: \(ledger.firstFailure ?? "")") }
        guard isIdempotent else { return }
        if duplicates > 0 { problems.append("\(duplicates) records are in the log again") }
        if let disorder { problems.append("\(disorder.count) records out of order, the first: \(disorder.first)") }
    }

    private mutating func report(_ numbers: [Int], _ what: String) {
        guard let first = numbers.first else { return }
        problems.append("\(numbers.count) records \(what), the first: \(first)")
    }
}

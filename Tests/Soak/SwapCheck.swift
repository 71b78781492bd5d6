import KafkaProducer
import KafkaWire
import Synchronization

/// What the callbacks of a run with swaps said.
final class SwapLedger: Sendable {
    private struct State {
        var calls: [UInt8]
        var problems: [String] = []
        var longestSwap = Duration.zero
    }

    private let state: Mutex<State>

    init(_ command: SwapCommand) { state = Mutex(State(calls: Array(repeating: 0, count: command.records))) }

    var longestSwap: Duration { state.withLock { $0.longestSwap } }

    func note(_ number: Int, _ error: KafkaError?) {
        state.withLock { state in
            state.calls[number] &+= 1
            if let error { state.problems.append("record \(number) failed: \(error)") }
        }
    }

    func refused(_ error: KafkaError) { problem("send threw: \(error)") }
    func problem(_ text: String) { state.withLock { $0.problems.append(text) } }
    func swapped(in duration: Duration) { state.withLock { $0.longestSwap = max($0.longestSwap, duration) } }

    func finish() -> [String] {
        state.withLock { state in
            let wrong = state.calls.indices.filter { state.calls[$0] != 1 }
            var problems = state.problems.count > 10 ? ["\(state.problems.count) problems, the first:"] : []
            problems += state.problems.prefix(10)
            if let first = wrong.first {
                problems.append("\(wrong.count) records had another number of callbacks than one, the first: \(first)")
            }
            return problems
        }
    }
}

/// In which order the broker has stored batches, over all partitions.
final class AppendOrder: Sendable {
    private struct State {
        /// Of each partition's batches, in order: the offset of the first record, and how many batches were stored before.
        var batches: [Int: [(baseOffset: Int64, number: Int)]] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    func note(partition: Int, _ baseOffset: Int64) {
        state.withLock { state in
            state.batches[partition, default: []].append((baseOffset, state.count))
            state.count += 1
        }
    }

    func batches(in partition: Int) -> [(baseOffset: Int64, number: Int)] {
        state.withLock { $0.batches[partition] ?? [] }
    }
}

/// Compares the log with what the versions did: each record once, in the partition that its version maps it to, in the
/// order in which its thread sent it; and the records of each key in that order over all partitions, if swaps wait for it.
struct SwapCheck {
    private let command: SwapCommand
    private let order: AppendOrder
    private var found: [UInt8]
    /// The batch of each record, numbered over all partitions.
    private var places: [Int]
    /// Batches of the partition that are still to come, the next one last.
    private var batches: [(baseOffset: Int64, number: Int)] = []
    private var batch = -1
    /// The last record of each thread in the partition.
    private var last: [Int] = []
    private var partition = -1
    private var counts: [String: (count: Int, first: String)] = [:]

    init(_ command: SwapCommand, _ order: AppendOrder) {
        self.command = command
        self.order = order
        found = Array(repeating: 0, count: command.records)
        places = Array(repeating: -1, count: command.records)
    }

    mutating func look(at record: borrowing RecordView, in partition: Int) {
        if partition != self.partition {
            self.partition = partition
            last = Array(repeating: -1, count: command.threads)
            batches = order.batches(in: partition).reversed()
        }
        while let next = batches.last, next.baseOffset <= record.offset {
            batch = next.number
            batches.removeLast()
        }
        let place = "partition \(partition), offset \(record.offset)"
        let key = Self.bytes(record.key)
        let value = String(decoding: Self.bytes(record.value), as: UTF8.self)
        let parts = value.split(separator: "@")
        guard parts.count == 2, let number = Int(parts[0]), found.indices.contains(number), let version = Int(parts[1])
        else { return note("records that nobody sent", place) }
        let header = record.headers.first { $0.name == "version" }?.value.map { String(decoding: $0, as: UTF8.self) }
        if header != String(parts[1]) { note("records seen by two versions", place) }
        found[number] &+= 1
        places[number] = batch
        if (Int(Murmur2.toPositive(key.withUnsafeBytes { Murmur2.hash($0) })) + version) % command.partitions
            != partition
        {
            note("records in another partition than their version's", place)
        }
        let thread = number % command.threads
        if number <= last[thread] { note("records out of order", "\(place): \(number) after \(last[thread])") }
        last[thread] = number
    }

    private static func bytes(_ span: RawSpan?) -> [UInt8] {
        guard let span else { return [] }
        return span.withUnsafeBytes { Array($0) }
    }

    private mutating func note(_ what: String, _ place: String) {
        counts[what, default: (0, place)].count += 1
    }

    /// How many records were stored before an older one of their key.
    var overtaking: Int {
        let keys = command.threads * command.keys
        var latest = Array(repeating: -1, count: keys)
        return places.indices.count { number in
            // As threads choose them. Records of a batch are those of one partition, whose order is seen there.
            let key = number % keys
            defer { latest[key] = max(latest[key], places[number]) }
            return places[number] < latest[key]
        }
    }

    func finish() -> [String] {
        var problems = counts.map { "\($0.value.count) \($0.key), the first: \($0.value.first)" }
        let lost = found.count { $0 == 0 }
        let twice = found.count { $0 > 1 }
        if lost > 0 { problems.append("\(lost) records are lost") }
        if twice > 0 { problems.append("\(twice) records are stored more than once") }
        if command.drain, overtaking > 0 { problems.append("\(overtaking) records overtook an older one of their key") }
        return problems
    }
}

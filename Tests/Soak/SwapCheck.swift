import KafkaProducer
import KafkaWire
import Synchronization

/// What the callbacks of a run with swaps said.
final class SwapLedger: Sendable {
    private struct State {
        var calls: [UInt8]
        /// The last record of each key that was acknowledged.
        var last: [Int]
        var problems: [String] = []
        var longestSwap = Duration.zero
    }

    private let state: Mutex<State>
    private let keepsKeysInOrder: Bool

    init(_ command: SwapCommand) {
        keepsKeysInOrder = command.drain
        state = Mutex(
            State(
                calls: Array(repeating: 0, count: command.records),
                last: Array(repeating: -1, count: command.threads * command.keys)))
    }

    var longestSwap: Duration { state.withLock { $0.longestSwap } }

    func note(_ number: Int, ofKey key: Int, _ metadata: RecordMetadata, _ error: KafkaError?) {
        state.withLock { state in
            state.calls[number] &+= 1
            if let error { state.problems.append("record \(number) failed: \(error)") }
            // With drain = keys a version's records wait for those of older ones, in whatever partition.
            if keepsKeysInOrder, number < state.last[key] {
                state.problems.append("key \(key): record \(number) was stored after \(state.last[key])")
            }
            state.last[key] = max(state.last[key], number)
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

/// Compares the log with what the versions did: each record once, in the partition that its version maps it to, in the
/// order in which its thread sent it.
struct SwapCheck {
    private let command: SwapCommand
    private var found: [UInt8]
    /// The last record of each thread in the partition, and the last version of each key.
    private var last: [Int] = []
    private var partition = -1
    private var counts: [String: (count: Int, first: String)] = [:]

    init(_ command: SwapCommand) {
        self.command = command
        found = Array(repeating: 0, count: command.records)
    }

    mutating func look(at record: borrowing RecordView, in partition: Int) {
        if partition != self.partition {
            self.partition = partition
            last = Array(repeating: -1, count: command.threads)
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

    func finish() -> [String] {
        var problems = counts.map { "\($0.value.count) \($0.key), the first: \($0.value.first)" }
        let lost = found.count { $0 == 0 }
        let twice = found.count { $0 > 1 }
        if lost > 0 { problems.append("\(lost) records are lost") }
        if twice > 0 { problems.append("\(twice) records are stored more than once") }
        return problems
    }
}

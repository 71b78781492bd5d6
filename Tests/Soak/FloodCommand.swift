import ArgumentParser
import ChildProcess
import KafkaProducer
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `soak flood`: sends faster than the broker answers until memory is exhausted, for a test that plays the broker.
///
/// Its output is one line for each step, of a word and numbers; it goes on with the next line of its input.
struct FloodCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "flood", shouldDisplay: false)

    @Argument var bootstrapServers: String
    @Option var topic = "flood"
    @Option var bufferMemory = 64 << 20
    @Option var recordBytes = 1000
    @Option var maxBlockMilliseconds = 200

    func run() throws {
        var configuration = try ProducerConfiguration(bootstrapServers: bootstrapServers)
        configuration.bufferMemory = bufferMemory
        configuration.maxBlock = .milliseconds(maxBlockMilliseconds)
        let producer = try Producer<[UInt8], [UInt8]>(configuration)
        let tally = Tally()
        let callback = tally.callback
        var value = [UInt8](repeating: 0x61, count: max(recordBytes, 8))
        var sent = 0
        func send() throws {
            // The record's number goes before the padding.
            for (index, byte) in withUnsafeBytes(of: Int64(sent).bigEndian, Array.init).enumerated() {
                value[index] = byte
            }
            let record = ProducerRecord<[UInt8], [UInt8]>(topic: topic, partition: 0, value: value)
            try producer.send(record, onCompletion: callback)
            sent += 1
        }

        try send()
        try producer.flush()
        say("idle", ProcessMemory.current)
        guard readLine() != nil else { return }

        let clock = ContinuousClock()
        var blocked = Duration.zero
        while tally.exhausted == 0 {
            let start = clock.now
            try send()
            blocked = start.duration(to: clock.now)
        }
        let milliseconds = Int(blocked / .milliseconds(1))
        say("exhausted", sent, milliseconds, ProcessMemory.peak)
        guard readLine() != nil else { return }

        try producer.flush()
        try send()
        try producer.close()
        say("closed", sent, tally.delivered, tally.exhausted, tally.otherFailures, ProcessMemory.peak)
    }

    private func say(_ step: String, _ numbers: Int...) {
        print(([step] + numbers.map(String.init)).joined(separator: " "))
        fflush(nil)
    }
}

/// What the callbacks of all records have said.
private final class Tally: Sendable {
    private let counts = Mutex((delivered: 0, exhausted: 0, otherFailures: 0))

    var delivered: Int { counts.withLock { $0.delivered } }
    var exhausted: Int { counts.withLock { $0.exhausted } }
    var otherFailures: Int { counts.withLock { $0.otherFailures } }

    /// One for all records.
    var callback: DeliveryCallback {
        { [self] _, error in
            counts.withLock { counts in
                switch error?.kind {
                case nil: counts.delivered += 1
                case .bufferExhausted: counts.exhausted += 1
                default: counts.otherFailures += 1
                }
            }
        }
    }
}

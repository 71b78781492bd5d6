import KafkaProducer
import Synchronization

/// What the callbacks said of each record.
final class Ledger: Sendable {
    struct Entry {
        /// How often the callback ran.
        var calls: UInt8 = 0
        /// The offset that was acknowledged; −1 if it is not known.
        var offset: Int64 = -1
        var hasFailed = false
    }

    struct Contents {
        var entries: [Entry]
        var failures = 0
        var firstFailure: String?
        /// The longest time in which no callback ran.
        var longestPause = Duration.zero
        fileprivate var lastCall = ContinuousClock.now
    }

    private let contents: Mutex<Contents>

    init(count: Int) {
        contents = Mutex(Contents(entries: Array(repeating: Entry(), count: count)))
    }

    func note(_ number: Int, _ metadata: RecordMetadata, _ error: KafkaError?) {
        contents.withLock { contents in
            contents.entries[number].calls &+= 1
            contents.measurePause()
            contents.entries[number].offset = metadata.offset
            if let error { contents.fail(number, error) }
        }
    }

    func note(refused number: Int, _ error: KafkaError) {
        contents.withLock { $0.fail(number, error) }
    }

    /// All that was noted; what is noted after that is not in it.
    func take() -> Contents { contents.withLock { $0 } }
}

extension Ledger.Contents {
    fileprivate mutating func measurePause() {
        let now = ContinuousClock.now
        longestPause = max(longestPause, lastCall.duration(to: now))
        lastCall = now
    }

    fileprivate mutating func fail(_ number: Int, _ error: KafkaError) {
        failures += 1
        entries[number].hasFailed = true
        firstFailure = firstFailure ?? "record \(number): \(error)"
    }
}

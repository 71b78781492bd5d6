import Synchronization

/// What a call of a transaction has come to: opens its latch when that is known.
package final class TransactionOutcome: Sendable {
    package let latch = Latch()
    private let result = Mutex<KafkaError?>(nil)

    /// Why the call failed; nil if it did not, or has not ended.
    package var error: KafkaError? { result.withLock { $0 } }

    /// States the outcome; the first one counts.
    func settle(_ error: KafkaError?) {
        guard !latch.isOpen else { return }
        result.withLock { $0 = error }
        latch.open()
    }

    /// Lets another have the same outcome.
    func share(with other: TransactionOutcome) {
        latch.whenOpen { other.settle(self.error) }
    }
}

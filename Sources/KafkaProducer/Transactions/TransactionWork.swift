import NIOCore

/// A sender's transactions: where they stand, and who waits for what. On the event loop only.
struct TransactionWork {
    var state = TransactionState()
    /// Of the call of which there is one at a time.
    var outcome: TransactionOutcome?
    /// Of the calls that send offsets, in order.
    var offsetOutcomes: [TransactionOutcome] = []
    /// The pause before the next request.
    var pause: Scheduled<Void>?
    /// Requests that failed one after the other.
    var failures = 0
    /// The epoch of the features that `state.finalized` comes from.
    var featuresEpoch: Int64 = -1
    /// What was last told to `gate`.
    var toldPhase: TransactionPhase?
    /// Is told when records are taken, with nil, and when they are not, with what to say of them.
    var gate: (KafkaError?) -> Void = { _ in }
}

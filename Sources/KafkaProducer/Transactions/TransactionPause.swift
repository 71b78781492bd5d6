/// How long to wait before the next request of a transaction.
enum TransactionPause: Equatable {
    case none
    /// The transaction before is about to end: 20 ms, as Java waits.
    case short
    /// `retry.backoff.ms`, longer with each failure.
    case backoff
}

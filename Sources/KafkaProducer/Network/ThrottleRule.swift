import KafkaWire
import NIOCore

/// How long a broker wants to be left alone (KIP-219). Pure.
enum ThrottleRule {
    /// The versions from which on the broker answers at once and leaves the waiting to the client; before, the answer
    /// itself came late.
    private static let clientWaits: [APIKey: Int16] = [
        .produce: 6, .metadata: 6, .apiVersions: 2, .initProducerId: 1, .findCoordinator: 2, .addPartitionsToTxn: 1,
        .addOffsetsToTxn: 1, .endTxn: 1, .txnOffsetCommit: 1,
    ]

    /// No quota asks for more; an answer that does is wrong, and is not to hold records until they expire.
    private static let maximum: Int32 = 3_600_000

    /// When the next request may go, after an answer that came at `now`.
    static func end(of milliseconds: Int32, _ api: APIKey, version: Int16, at now: NIODeadline) -> NIODeadline {
        guard milliseconds > 0, let first = clientWaits[api], version >= first else { return .distantPast }
        return now + .milliseconds(Int64(min(milliseconds, maximum)))
    }
}

import DequeModule
import NIOCore

/// What the order of a partition's batches depends on.
protocol DispatchedBatch: AnyObject {
    var recordCount: Int32 { get }
    var attempts: Int { get set }
    /// nil without idempotence, and before the first dispatch.
    var identity: ProducerIdentity? { get set }
    var baseSequence: Int32 { get set }
}

/// What a producer's configuration says about order.
struct DispatchRules: Sendable {
    var maxInFlight: Int
    /// Without idempotence and with several requests in flight, a repeated batch may be overtaken.
    var isIdempotent: Bool

    var keepsOrder: Bool { isIdempotent || maxInFlight == 1 }
}

/// The batches of one partition that have been drained: what is on the wire, what is to be sent again, and in which
/// order. Pure: no socket, no clock (Java's TxnPartitionEntry and the muting of RecordAccumulator).
struct PartitionDispatch<Batch: DispatchedBatch> {
    enum Turn: Equatable {
        /// The first of `retries` may go.
        case retry
        /// A new batch may go.
        case new
        /// Nothing may go before that time.
        case waiting(until: NIODeadline)
        /// Nothing may go before an answer comes.
        case blocked
    }

    /// Sent and not answered, in order of sending.
    private(set) var inFlight: [Batch] = []
    /// To be sent again, in order of sequence.
    private(set) var retries: Deque<Batch> = []
    private var backoffUntil = NIODeadline.distantPast
    private var failures = 0

    /// The batches from the oldest that is neither stored nor failed on; nil where one is. A broker recognises a repeated
    /// batch among the last five only, so no more than that may be between the oldest and the newest.
    private var window: Deque<ObjectIdentifier?> = []

    private var identity: ProducerIdentity?
    private var nextSequence: Int32 = 0
    /// The sequence of a batch that failed is missing for good: new batches need a new epoch (KIP-360).
    private(set) var hasGap = false
    /// The broker knows none of `retries`: they are given new sequences, under a new epoch.
    private(set) var renumbers = false
    /// Whether the broker has stored a batch of the present identity. Until then one batch goes at a time: a broker
    /// takes any sequence from a producer that it does not know, and would refuse what comes before it (KAFKA-14359).
    private var isEstablished = false

    // What the sender notes of the partition.
    /// Whether the partition stands in its leader's line.
    var isQueued = false
    /// Whether the sender watches the partition.
    var isActive = false
    /// Whether the partition stands in the line of those whose open batch lingers.
    var isLingering = false
    /// When the sender looks at the partition after a pause.
    var wakesAt = NIODeadline.distantPast
    /// The node that takes its batches; −1 if unknown.
    var leader: Int32 = -1
    var leaderEpoch: Int32 = -1

    var isIdle: Bool { inFlight.isEmpty && retries.isEmpty }

    /// The identity under which nothing more may be sent; nil if the present one will do.
    var spentIdentity: ProducerIdentity? {
        (renumbers && inFlight.isEmpty) || (hasGap && isIdle) ? identity : nil
    }

    /// What may be sent now.
    /// - Parameter current: the producer's identity; nil without idempotence.
    func turn(at now: NIODeadline, rules: DispatchRules, current: ProducerIdentity?) -> Turn {
        if now < backoffUntil { return .waiting(until: backoffUntil) }
        if rules.maxInFlight == 1, !inFlight.isEmpty { return .blocked }
        if rules.isIdempotent, let spent = spentIdentity, spent == current { return .blocked }
        if rules.isIdempotent, !isEstablished, !inFlight.isEmpty { return .blocked }
        if let retry = retries.first {
            if renumbers { return inFlight.isEmpty ? .retry : .blocked }
            return !rules.isIdempotent || isWithinWindow(retry) ? .retry : .blocked
        }
        guard rules.isIdempotent else { return .new }
        // A new epoch begins at sequence 0, so nothing of the former one may still be under way.
        if hasGap || identity != current, !inFlight.isEmpty { return .blocked }
        return window.count < ProducerConfiguration.maxInFlightWithIdempotence ? .new : .blocked
    }

    /// Whether the batch is one of the five oldest that are not settled. One that was sent before is; what was split
    /// brings more batches between.
    private func isWithinWindow(_ batch: Batch) -> Bool {
        window.prefix(ProducerConfiguration.maxInFlightWithIdempotence).contains(ObjectIdentifier(batch))
    }

    /// Takes the first batch that is to be sent again.
    mutating func takeRetry(current: ProducerIdentity?) -> Batch? {
        guard !retries.isEmpty else { return nil }
        if renumbers {
            guard let current else { return nil }
            renumber(as: current)
        }
        guard let batch = retries.popFirst() else { return nil }
        dispatched(batch)
        return batch
    }

    /// Gives a new batch its sequence and puts it on the wire.
    mutating func dispatch(new batch: Batch, current: ProducerIdentity?) {
        if let current {
            if identity != current || hasGap { begin(as: current) }
            number(batch)
            window.append(ObjectIdentifier(batch))
        }
        dispatched(batch)
    }

    private mutating func dispatched(_ batch: Batch) {
        batch.attempts += 1
        inFlight.append(batch)
    }

    private mutating func begin(as current: ProducerIdentity) {
        identity = current
        isEstablished = false
        nextSequence = 0
        hasGap = false
        renumbers = false
    }

    private mutating func number(_ batch: Batch) {
        batch.identity = identity
        batch.baseSequence = nextSequence
        nextSequence = Sequence32.advance(nextSequence, by: batch.recordCount)
    }

    private mutating func renumber(as current: ProducerIdentity) {
        begin(as: current)
        for batch in retries { number(batch) }
    }

    /// Whether no batch of a lower sequence is still to be stored.
    func isFirst(_ batch: Batch) -> Bool {
        !inFlight.contains { $0 !== batch && Sequence32.precedes($0.baseSequence, batch.baseSequence) }
            && !retries.contains { Sequence32.precedes($0.baseSequence, batch.baseSequence) }
    }

    /// A batch is stored.
    mutating func stored(_ batch: Batch) {
        settled(batch)
        if batch.identity == identity { isEstablished = true }
        failures = 0
        backoffUntil = .distantPast
    }

    /// A batch has to be sent again, after a pause.
    mutating func retry(_ batch: Batch, at instant: NIODeadline, keepingOrder: Bool) {
        remove(batch)
        retries.insert(batch, at: place(of: batch, keepingOrder: keepingOrder))
        backoffUntil = max(backoffUntil, instant)
        failures += 1
    }

    /// A batch is too large for the broker, which has nothing of it: its pieces go instead, under its sequences, at once.
    mutating func split(_ batch: Batch, into pieces: [Batch], keepingOrder: Bool) {
        remove(batch)
        var sequence = batch.baseSequence
        for piece in pieces {
            piece.identity = batch.identity
            piece.baseSequence = sequence
            if batch.identity != nil { sequence = Sequence32.advance(sequence, by: piece.recordCount) }
        }
        if let place = window.firstIndex(of: ObjectIdentifier(batch)) {
            window.replaceSubrange(place...place, with: pieces.map { ObjectIdentifier($0) })
        }
        retries.insert(contentsOf: pieces, at: place(of: batch, keepingOrder: keepingOrder))
    }

    /// Where a batch belongs among those that are to be sent again.
    private func place(of batch: Batch, keepingOrder: Bool) -> Int {
        guard keepingOrder, batch.identity != nil else { return retries.startIndex }
        return retries.firstIndex { Sequence32.precedes(batch.baseSequence, $0.baseSequence) } ?? retries.endIndex
    }

    /// How often the partition failed since it last took a batch.
    var failureCount: Int { failures }

    /// The broker has none of what is to be repeated: it is to be numbered anew.
    mutating func requireRenumbering() { renumbers = true }

    /// A batch has failed for good.
    mutating func failed(_ batch: Batch) {
        settled(batch)
        if batch.identity != nil, batch.identity == identity { hasGap = true }
    }

    /// The pause is over before its time: the partition has a new leader.
    mutating func skipBackoff() { backoffUntil = .distantPast }

    private mutating func settled(_ batch: Batch) {
        remove(batch)
        if let place = window.firstIndex(of: ObjectIdentifier(batch)) { window[place] = nil }
        while let first = window.first, first == nil { window.removeFirst() }
    }

    private mutating func remove(_ batch: Batch) {
        // Most often it is the oldest, and there are no others.
        if inFlight.first === batch { inFlight.removeFirst() } else { inFlight.removeAll { $0 === batch } }
        if !retries.isEmpty { retries.removeAll { $0 === batch } }
    }
}

import KafkaProducer
import KafkaWire

/// What the coordinator of one transactional id knows, and allows (Java's TransactionMetadata and
/// TransactionCoordinator). Pure; whatever it refuses it leaves as it was.
struct StrictCoordinator {
    enum State {
        /// No transaction is open: none has been, or the last one has ended so.
        case idle(lastCommitted: Bool?)
        case ongoing
        /// The end is decided, but not all markers are written.
        case ending(commits: Bool)
    }

    /// A marker that has to be written to all that belongs to the transaction.
    struct Marker {
        var identity: ProducerIdentity
        var commits: Bool
        var partitions: Set<Int32>
        var groups: Set<String>
    }

    /// The last epoch that a client is given; the one after it is for fencing.
    private static let lastEpoch = Int16.max - 1

    private(set) var state = State.idle(lastCommitted: nil)
    private(set) var identity: ProducerIdentity
    /// What the producer may still believe to be its identity: the answer that changed it may be lost.
    private var former: ProducerIdentity?
    /// Whether `former` was replaced by the end of a transaction (KIP-890).
    private var wasRenewedByEnd = false
    private var partitions: Set<Int32> = []
    private var groups: Set<String> = []
    /// What follows when the markers are written; the epochs of the present id are used up.
    private var successor: ProducerIdentity?
    private var nextProducerId: Int64

    /// How many ends were decided.
    private(set) var ends = 0
    /// How many identities were given to those who asked for one.
    private(set) var introductions = 0
    /// How often the epochs of an id were used up.
    private(set) var exhaustions = 0

    /// - Parameter epoch: the last one that was given to producers of former days; −1 for none.
    init(producerId: Int64, epoch: Int16) {
        identity = ProducerIdentity(id: producerId, epoch: epoch)
        nextProducerId = producerId + 1
    }

    // MARK: - Requests

    /// Gives a producer its epoch. One that has an identity to show wants to go on (KIP-360), one that has none is new,
    /// and whoever was there before is fenced.
    mutating func introduce(showing held: ProducerIdentity?) -> (ErrorCode, ProducerIdentity?) {
        if isEnding { return (.concurrentTransactions, nil) }
        if let held, held != identity, held != former { return (.producerFenced, nil) }
        if isOngoing {
            fence()
            return (.concurrentTransactions, nil)
        }
        if let held, held == former { return (.none, identity) }
        let previous = identity
        introductions += 1
        advance()
        former = held == nil ? nil : previous
        wasRenewedByEnd = false
        state = .idle(lastCommitted: nil)
        return (.none, identity)
    }

    /// Makes partitions and groups part of the transaction.
    mutating func add(
        _ partitions: Set<Int32> = [], groups: Set<String> = [], by client: ProducerIdentity
    ) -> ErrorCode {
        if let refusal = check(client) { return refusal }
        state = .ongoing
        self.partitions.formUnion(partitions)
        self.groups.formUnion(groups)
        return .none
    }

    /// Whether what a producer writes belongs to the transaction that is open.
    func verify(partition: Int32? = nil, group: String? = nil, by client: ProducerIdentity) -> ErrorCode {
        if let refusal = check(client) { return refusal }
        guard isOngoing else { return .invalidTxnState }
        let isPart = partition.map(partitions.contains) ?? true && group.map(groups.contains) ?? true
        return isPart ? .none : .invalidTxnState
    }

    /// Ends the transaction.
    /// - Parameter renews: whether the next one gets an identity of its own (KIP-890).
    mutating func end(
        commits: Bool, by client: ProducerIdentity, renews: Bool
    ) -> (code: ErrorCode, next: ProducerIdentity?) {
        let isRepeated = wasRenewedByEnd && client == former && !isOngoing && !isEnding
        if !isRepeated, let refusal = check(client) { return (refusal, nil) }
        if case .idle(let last) = state {
            if isRepeated || !renews { return last == commits ? (.none, identity) : (.invalidTxnState, nil) }
            // Only an abort may find nothing to end: of records that never arrived.
            if commits { return (.invalidTxnState, nil) }
        }
        decide(commits: commits)
        wasRenewedByEnd = renews
        if renews {
            former = identity
            if identity.epoch >= Self.lastEpoch { successor = freshIdentity() }
            identity.epoch += 1
        }
        return (.none, successor ?? identity)
    }

    var isOngoing: Bool { if case .ongoing = state { true } else { false } }

    private var isEnding: Bool { if case .ending = state { true } else { false } }

    /// The end that is under way comes first: it may change the producer's id.
    private func check(_ client: ProducerIdentity) -> ErrorCode? {
        if isEnding { return .concurrentTransactions }
        if client.id != identity.id { return .invalidProducerIdMapping }
        return client.epoch == identity.epoch && client.epoch <= Self.lastEpoch ? nil : .producerFenced
    }

    /// Grows with each transaction and each producer: a request that was sent before belongs to the past.
    var age: Int { ends + introductions }

    // MARK: - What it does by itself

    /// Aborts the open transaction, and takes its epoch from the producer.
    mutating func fence() {
        if identity.epoch < .max { identity.epoch += 1 }
        former = nil
        wasRenewedByEnd = false
        decide(commits: false)
    }

    private mutating func decide(commits: Bool) {
        state = .ending(commits: commits)
        ends += 1
    }

    /// What is to be written; nil if nothing is.
    var marker: Marker? {
        guard case .ending(let commits) = state else { return nil }
        return Marker(identity: identity, commits: commits, partitions: partitions, groups: groups)
    }

    mutating func written(toPartition partition: Int32) { partitions.remove(partition) }

    mutating func written(toGroup group: String) { groups.remove(group) }

    /// Ends the transaction if all markers are written.
    mutating func completeIfWritten() {
        guard case .ending(let commits) = state, partitions.isEmpty, groups.isEmpty else { return }
        state = .idle(lastCommitted: commits)
        if let next = successor.take() { identity = next }
    }

    private mutating func advance() {
        if identity.epoch >= Self.lastEpoch { identity = freshIdentity() } else { identity.epoch += 1 }
    }

    private mutating func freshIdentity() -> ProducerIdentity {
        exhaustions += 1
        defer { nextProducerId += 1 }
        return ProducerIdentity(id: nextProducerId, epoch: 0)
    }
}

import KafkaWire

/// A transactional id as its coordinator knows it: its producer, and its latest transaction (KIP-98, 360, 890; Java's
/// `TransactionMetadata`). Pure: what has to be written or told is decided here and done by `TransactionCoordinator`.
struct Transaction: Equatable {
    enum State: String {
        case empty, ongoing, prepareCommit, prepareAbort, completeCommit, completeAbort
    }

    /// What follows from a producer that introduces itself.
    enum Introduction: Equatable {
        case ready
        /// Another one's transaction was open: its end is decided, and the producer has to ask again.
        case abortFirst
    }

    /// What follows from the wish to end a transaction.
    enum Ending: Equatable {
        /// It is decided: the markers have to be written.
        case decided
        /// It was done before: the request is a repeated one.
        case repeated
    }

    /// The epoch is −1 until the producer has introduced itself.
    var producer: ProducerIdentity
    var timeoutMs: Int32 = 0
    var state = State.empty
    /// The epoch that the producer had before; −1 if its next request cannot be the repeat of an answered one.
    var lastEpoch: Int16 = -1
    /// The id before this one, whose epochs ran out; −1 if there was none.
    var previousProducerId: Int64 = -1
    /// The id that is to follow when the transaction has ended, as epochs have run out; −1 if none is.
    var nextProducerId: Int64 = -1
    /// Whether the latest transaction ended under a new epoch (KIP-890).
    var endedWithNewEpoch = false
    /// In ms since 1970.
    var startedAt: Int64 = -1
    var partitions: Set<TopicPartition> = []
    /// The groups whose offsets are part of the transaction.
    var groups: Set<String> = []

    init(producerId: Int64) {
        producer = ProducerIdentity(id: producerId, epoch: -1)
    }

    /// Gives the producer an epoch of its own.
    /// - Parameters:
    ///   - held: What a producer has that wants to go on after an error (KIP-360); nil for a new one.
    ///   - bumpsEpoch: As of `fence`.
    mutating func introduce(
        holding held: ProducerIdentity?, timeoutMs: Int32, bumpsEpoch: Bool,
        newProducerId: () throws(Refusal) -> Int64
    ) throws(Refusal) -> Introduction {
        if let held, producer.epoch >= 0, held.id != producer.id,
            held.id != previousProducerId || !held.isExhausted
        {
            throw fenced(held)
        }
        switch state {
        case .prepareCommit, .prepareAbort: throw stillEnding
        case .ongoing:
            try fence(bumpsEpoch: bumpsEpoch, newProducerId: newProducerId)
            return .abortFirst
        case .empty, .completeCommit, .completeAbort: break
        }
        let isCurrent = held.map { producer.epoch < 0 || $0.epoch == producer.epoch } ?? true
        if let held, !isCurrent {
            // The answer to the same request was lost, or another producer has come.
            guard held.epoch == lastEpoch else { throw fenced(held) }
        } else {
            let epoch = producer.epoch
            if producer.isExhausted {
                previousProducerId = producer.id
                producer = ProducerIdentity(id: try newProducerId(), epoch: 0)
            } else {
                producer.epoch += 1
            }
            lastEpoch = held == nil ? -1 : epoch
        }
        self.timeoutMs = timeoutMs
        state = .empty
        return .ready
    }

    /// Makes partitions and groups part of the transaction; the first of them begin it.
    mutating func add(
        partitions: Set<TopicPartition> = [], groups: Set<String> = [], by client: ProducerIdentity, at now: Int64
    ) throws(Refusal) {
        // Before the epoch is looked at: the client may know already what it has after the end (KAFKA-18660).
        if isEnding { throw stillEnding }
        try check(client)
        if state != .ongoing {
            state = .ongoing
            startedAt = now
        }
        self.partitions.formUnion(partitions)
        self.groups.formUnion(groups)
    }

    /// Whether the producer may write what belongs to the transaction.
    /// - Parameters:
    ///   - isPart: Whether it does belong to it.
    ///   - refusal: The code if it does not.
    func verify(
        _ isPart: (Self) -> Bool, by client: ProducerIdentity, else refusal: ErrorCode
    ) throws(Refusal) {
        try check(client)
        if isEnding { throw stillEnding }
        guard state == .ongoing, isPart(self) else {
            throw Refusal(refusal, "what producer \(client.id) writes to was not added to its transaction")
        }
    }

    /// Decides how the transaction ends.
    /// - Parameter bumpsEpoch: Whether the next transaction has an epoch of its own (KIP-890); then one that has
    ///   nothing in it can be aborted too.
    mutating func end(
        _ outcome: TransactionMarker.Outcome, by client: ProducerIdentity, bumpsEpoch: Bool,
        newProducerId: () throws(Refusal) -> Int64
    ) throws(Refusal) -> Ending {
        if bumpsEpoch, isEnding { throw stillEnding }
        let isRepeated = bumpsEpoch && isRepeated(by: client)
        if !isRepeated { try check(client) }
        switch (state, outcome) {
        case (.ongoing, _): break
        case (.prepareCommit, .commit), (.prepareAbort, .abort): throw stillEnding
        case (.completeCommit, .commit) where isRepeated || !bumpsEpoch,
            (.completeAbort, .abort) where isRepeated || !bumpsEpoch:
            return .repeated
        // Who repeats an end wants the same as before: this one the coordinator has aborted by itself (KAFKA-20785).
        case (.completeAbort, .commit) where isRepeated: throw fenced(client)
        case (.empty, .abort) where bumpsEpoch, (.completeCommit, .abort) where bumpsEpoch && !isRepeated,
            (.completeAbort, .abort) where bumpsEpoch && !isRepeated:
            break
        default: throw Refusal(.invalidTxnState, "a transaction that is \(state) cannot be ended by \(outcome)")
        }
        if bumpsEpoch { try bumpEpoch(newProducerId: newProducerId) }
        endedWithNewEpoch = bumpsEpoch
        state = outcome == .commit ? .prepareCommit : .prepareAbort
        return .decided
    }

    /// Whether the open transaction is older than its producer allowed.
    func isExpired(at now: Int64) -> Bool { state == .ongoing && now &- startedAt >= Int64(timeoutMs) }

    /// Decides that the open transaction is aborted, and takes its epoch from the producer.
    /// - Parameter bumpsEpoch: Whether the producer may go on once it has asked for the abort too: it is answered like
    ///   one that was repeated (KIP-890, KAFKA-19367). Otherwise it is fenced off for good.
    mutating func fence(bumpsEpoch: Bool, newProducerId: () throws(Refusal) -> Int64) throws(Refusal) {
        if bumpsEpoch {
            try bumpEpoch(newProducerId: newProducerId)
        } else {
            if producer.epoch < .max { producer.epoch += 1 }
            lastEpoch = -1
        }
        endedWithNewEpoch = bumpsEpoch
        state = .prepareAbort
    }

    /// Gives what comes after the transaction an epoch of its own; if there is none left, an id too.
    private mutating func bumpEpoch(newProducerId: () throws(Refusal) -> Int64) throws(Refusal) {
        if producer.isExhausted { nextProducerId = try newProducerId() }
        lastEpoch = producer.epoch
        if producer.epoch < .max { producer.epoch += 1 }
    }

    /// The marker that has to be written to all partitions; nil if no end is decided.
    var marker: TransactionMarker? {
        switch state {
        case .prepareCommit: TransactionMarker(outcome: .commit, producer: producer)
        case .prepareAbort: TransactionMarker(outcome: .abort, producer: producer)
        default: nil
        }
    }

    /// Notes that the markers have been written.
    mutating func complete() {
        state = state == .prepareCommit ? .completeCommit : .completeAbort
        if nextProducerId >= 0 {
            previousProducerId = producer.id
            producer = ProducerIdentity(id: nextProducerId, epoch: 0)
            nextProducerId = -1
        }
        startedAt = -1
        partitions = []
        groups = []
    }

    private func check(_ client: ProducerIdentity) throws(Refusal) {
        guard client.id == producer.id else {
            throw Refusal(.invalidProducerIdMapping, "the producer's id is \(producer.id), not \(client.id)")
        }
        // The last epoch of all has been given to nobody.
        guard client.epoch == producer.epoch, client.epoch < .max else { throw fenced(client) }
    }

    /// Whether a producer wants an end that took its epoch from it already.
    private func isRepeated(by client: ProducerIdentity) -> Bool {
        guard endedWithNewEpoch, state != .empty, state != .ongoing else { return false }
        let isLastEpoch = client.id == producer.id && client.epoch == lastEpoch && lastEpoch == producer.epoch &- 1
        return isLastEpoch || (client.id == previousProducerId && client.epoch == .max - 1 && producer.epoch == 0)
    }

    /// Whether the end is decided and not yet carried out.
    private var isEnding: Bool { state == .prepareCommit || state == .prepareAbort }

    private var stillEnding: Refusal {
        Refusal(.concurrentTransactions, "the transaction before this one is about to end")
    }

    private func fenced(_ client: ProducerIdentity) -> Refusal {
        Refusal(
            .producerFenced,
            "producer \(producer.id) has epoch \(producer.epoch), not \(client.epoch) of producer \(client.id)")
    }
}

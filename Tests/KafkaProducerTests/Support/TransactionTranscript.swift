import KafkaWire

@testable import KafkaProducer

/// A transaction's state with the events of a whole life at hand.
final class TransactionTranscript {
    static let first = ProducerIdentity(id: 7, epoch: 0)
    static let second = ProducerIdentity(id: 7, epoch: 1)
    static let orders = PartitionKey(topic: "orders", partition: 0)
    static let audit = PartitionKey(topic: "audit", partition: 2)
    static let offsets = TransactionOffsets(
        [TopicPartition(topic: "in", partition: 0): OffsetAndMetadata(5)], group: ConsumerGroupMetadata(groupId: "g"))

    var state = TransactionState()
    /// Whether batches are on their way.
    var hasIncompleteBatches = false

    init(version: TransactionVersion = .explicit, canBumpEpoch: Bool = true) {
        state.finalized = version
        state.canBumpEpoch = canBumpEpoch
    }

    /// The request that comes next, which is sent.
    func send() -> TransactionRequest? {
        let request = state.next(hasIncompleteBatches: hasIncompleteBatches)
        if let request { state.sent(request) }
        return request
    }

    /// Sends the next request and answers it; returns the request.
    @discardableResult
    func exchange(_ answer: TransactionAnswer) -> TransactionRequest? {
        let request = send()
        _ = state.answered(answer)
        return request
    }

    func mayWrite(to partition: PartitionKey) -> Bool { state.mayWrite(to: partition) }

    func answered(_ answer: TransactionAnswer) -> TransactionPause { state.answered(answer) }

    func admit(_ call: TransactionCall) throws(KafkaError) -> TransactionState.Admission { try state.admit(call) }

    func call(_ call: TransactionCall) throws(KafkaError) {
        _ = try state.admit(call, offsets: call == .sendOffsets ? Self.offsets : nil)
    }

    /// Sees the ends of the calls that have ended.
    func see() -> [TransactionState.Finished] {
        let finished = state.takeFinished()
        for end in finished { state.acknowledged(end.call) }
        return finished
    }

    static func initialized(
        version: TransactionVersion = .explicit, canBumpEpoch: Bool = true
    ) throws -> TransactionTranscript {
        let it = TransactionTranscript(version: version, canBumpEpoch: canBumpEpoch)
        try it.call(.initialize)
        it.exchange(.found(1))
        it.exchange(.identified(first))
        _ = it.see()
        return it
    }

    /// In a transaction that a partition is part of.
    static func open(
        version: TransactionVersion = .explicit, canBumpEpoch: Bool = true
    ) throws -> TransactionTranscript {
        let it = try initialized(version: version, canBumpEpoch: canBumpEpoch)
        try it.call(.begin)
        if !it.mayWrite(to: orders) { it.exchange(.added) }
        return it
    }

    /// In that phase, by the shortest way.
    static func at(_ phase: TransactionPhase) throws -> TransactionTranscript {
        let it: TransactionTranscript
        switch phase {
        case .uninitialized: it = TransactionTranscript()
        case .initializing:
            it = TransactionTranscript()
            try it.call(.initialize)
        case .ready: it = try initialized()
        case .inTransaction: it = try open()
        case .committing:
            it = try open()
            try it.call(.commit)
        case .aborting:
            it = try open()
            try it.call(.abort)
        case .abortableError:
            it = try open()
            it.state.batchFailed(KafkaError(.topicAuthorizationFailed), leavesGap: false)
        case .fatalError:
            it = try open()
            it.state.fail(KafkaError(.producerFenced))
        }
        return it
    }
}

import DequeModule
import KafkaWire

/// Where a transactional producer stands, what may be called, and which request comes next. Pure: no socket, no clock
/// (Java's TransactionManager; KIP-98, KIP-360, KIP-447, KIP-890).
///
/// At most one request is under way. Each event may finish calls: `takeFinished` says which.
struct TransactionState {
    /// What a call has come to.
    struct Finished: Equatable {
        var call: TransactionCall
        /// nil: it succeeded.
        var error: KafkaError?
    }

    enum Admission: Equatable {
        case started
        /// The same call is under way, or its end has not been seen: they share it.
        case joined
    }

    private(set) var phase = TransactionPhase.uninitialized
    /// What the transaction writes with.
    private(set) var identity: ProducerIdentity?
    /// Why the transaction has to be aborted, or the producer closed.
    private(set) var error: KafkaError?
    /// The protocol of the transaction, latched when it begins.
    private(set) var version = TransactionVersion.explicit
    /// What brokers have agreed on since.
    var finalized = TransactionVersion.explicit
    /// Whether the coordinator gives a new epoch to those who name their present one (KIP-360).
    var canBumpEpoch = false

    /// The call whose end has yet to be seen.
    private(set) var pending: TransactionCall?
    private var isPendingFinished = false
    private var finished: [Finished] = []
    private(set) var inFlight: TransactionRequest?
    private var coordinators: [TransactionRequest.Coordinator: Int32] = [:]

    /// To be added; in the request that adds them, whose outcome may be unknown; added.
    private var newPartitions: [PartitionKey] = []
    private var addingPartitions: [PartitionKey] = []
    private var partitions: Set<PartitionKey> = []
    private var offsets: Deque<TransactionOffsets> = []
    /// Whether the group of the first of `offsets` is part of the transaction.
    private var hasAddedGroup = false
    /// Whether the coordinator may know of the transaction.
    private var hasStarted = false
    /// Whether the next transaction needs an epoch that has to be asked for.
    private var needsNewEpoch = false
    /// How often the coordinator was asked to end the transaction.
    private var endings = 0
    /// Whether the coordinator has forgotten the producer, so that there is nothing to end.
    private var isForgotten = false

    // MARK: - Calls

    /// Begins a call, or joins the same one.
    /// - Throws: `KafkaError` of kind `illegalState` where it is not allowed; the error that the transaction or the
    ///   producer suffers from.
    mutating func admit(_ call: TransactionCall, offsets: TransactionOffsets? = nil) throws(KafkaError) -> Admission {
        if let pending {
            guard call == pending else {
                throw .illegalCall(call, "\(pending.rawValue) has not ended yet; if it timed out, call it again")
            }
            return .joined
        }
        if let error, phase == .fatalError || call != .abort { throw error }
        guard call.origins.contains(phase) else { throw .illegalCall(call, remedy(for: call)) }
        if call.isExclusive { (pending, isPendingFinished) = (call, false) }
        switch call {
        case .initialize: move(to: .initializing)
        case .begin:
            version = finalized
            move(to: .inTransaction)
        case .sendOffsets:
            if let offsets { self.offsets.append(offsets) }
        case .commit: move(to: .committing)
        case .abort:
            newPartitions = []
            endings = 0
            failOffsets(error ?? KafkaError(.illegalState, "the transaction was aborted"))
            error = nil
            move(to: .aborting)
        }
        return .started
    }

    private func remedy(for call: TransactionCall) -> String {
        switch phase {
        case .uninitialized: "call initTransactions first"
        case .ready where call == .initialize: "transactions are initialized already"
        case .ready: "call beginTransaction first"
        case .inTransaction: "a transaction is open already"
        default: "not allowed now (\(phase.rawValue))"
        }
    }

    /// Whoever made the call has seen its end.
    mutating func acknowledged(_ call: TransactionCall) {
        if pending == call { pending = nil }
    }

    /// Whether a call waits for what a coordinator says.
    /// - Parameter node: the coordinator that counts; nil for any.
    func isWaiting(for node: Int32?) -> Bool {
        guard (pending != nil && !isPendingFinished) || !offsets.isEmpty else { return false }
        return node.map { coordinators.values.contains($0) } ?? true
    }

    /// What has come to its end since the last look.
    mutating func takeFinished() -> [Finished] {
        defer { finished = [] }
        return finished
    }

    // MARK: - Batches

    /// Whether a partition's batches may be sent; if not yet, sees to it.
    mutating func mayWrite(to partition: PartitionKey) -> Bool {
        if partitions.contains(partition) { return true }
        guard phase == .inTransaction || phase == .committing else { return false }
        switch version {
        case .implicit:
            partitions.insert(partition)
            hasStarted = true
            return true
        case .explicit:
            let isKnown = newPartitions.contains(partition) || addingPartitions.contains(partition)
            if !isKnown { newPartitions.append(partition) }
            return false
        }
    }

    /// Records of the transaction have failed: it can only be aborted.
    /// - Parameter leavesGap: whether their sequence is missing now.
    mutating func batchFailed(_ failure: KafkaError, leavesGap: Bool) {
        guard phase == .inTransaction || phase.isCompleting || phase == .abortableError else { return }
        if failure.endsTransactionalProducer { return fail(failure) }
        if leavesGap, version == .explicit {
            guard canBumpEpoch else {
                return fail(
                    failure.marked(
                        isFatal: true, isAbortable: false,
                        message: "\(failure.message); the coordinator is too old to give the next epoch (KIP-360)"))
            }
            needsNewEpoch = true
        }
        if phase != .aborting { abortable(failure) }
    }

    // MARK: - Requests

    /// The request that comes next; nil if none does now.
    /// - Parameter hasIncompleteBatches: whether records are still to be sent or acknowledged. A transaction ends after
    ///   them.
    mutating func next(hasIncompleteBatches: @autoclosure () -> Bool) -> TransactionRequest? {
        guard inFlight == nil else { return nil }
        guard let wanted = wanted(hasIncompleteBatches()) else { return nil }
        guard let coordinator = wanted.coordinator, coordinators[coordinator] == nil else { return wanted }
        return .findCoordinator(coordinator)
    }

    private mutating func wanted(_ hasIncompleteBatches: Bool) -> TransactionRequest? {
        switch phase {
        case .uninitialized, .ready, .abortableError, .fatalError: return nil
        case .initializing: return .initProducerId
        case .inTransaction: return addition
        case .committing, .aborting:
            if let addition { return addition }
            if hasIncompleteBatches { return nil }
            if hasStarted, !isForgotten { return .end(committed: phase == .committing) }
            // No coordinator knows of it.
            complete()
            return phase == .initializing ? .initProducerId : nil
        }
    }

    private var addition: TransactionRequest? {
        if !addingPartitions.isEmpty || !newPartitions.isEmpty {
            return .addPartitions(addingPartitions + newPartitions)
        }
        guard let first = offsets.first else { return nil }
        return hasAddedGroup || version == .implicit ? .commitOffsets(first) : .addOffsets(first)
    }

    /// The node that takes a request; nil where any does.
    func node(for request: TransactionRequest) -> Int32? { request.coordinator.flatMap { coordinators[$0] } }

    /// A request has gone out.
    mutating func sent(_ request: TransactionRequest) {
        inFlight = request
        switch request {
        case .addPartitions(let partitions):
            addingPartitions = partitions
            newPartitions = []
        case .commitOffsets: hasStarted = true
        case .end: endings += 1
        default: break
        }
    }

    /// A node cannot be reached: whom it coordinated for is to be asked.
    mutating func lost(node: Int32) {
        coordinators = coordinators.filter { $0.value != node }
    }

    /// A request has come to its end; returns how long to wait before the next.
    mutating func answered(_ answer: TransactionAnswer) -> TransactionPause {
        guard let request = inFlight.take(), phase != .fatalError else { return .none }
        switch (request, answer) {
        case (_, .refused(let code)): return refused(request, code)
        case (_, .lost):
            if let coordinator = request.coordinator { coordinators[coordinator] = nil }
            return .backoff
        case (.findCoordinator(let coordinator), .found(let node)): coordinators[coordinator] = node
        case (.initProducerId, .identified(let identity)): identified(identity)
        case (.addPartitions(let added), .added):
            addingPartitions = []
            partitions.formUnion(added)
            hasStarted = true
        case (.addOffsets, .added):
            // Those that asked may be gone, with the call that was aborted.
            hasAddedGroup = !offsets.isEmpty
            hasStarted = true
        case (.commitOffsets(let done), .added) where offsets.first == done:
            offsets.removeFirst()
            hasAddedGroup = false
            finish(.sendOffsets, nil)
        case (.end, .ended(let next)):
            if let next {
                identity = next
                needsNewEpoch = false
            }
            complete()
        default: break
        }
        return .none
    }

    private mutating func identified(_ identity: ProducerIdentity) {
        self.identity = identity
        needsNewEpoch = false
        isForgotten = false
        move(to: .ready)
        finishPending(nil)
    }

    /// The transaction is over.
    private mutating func complete() {
        // Requests of the former protocol that are late must not touch the first transaction of the new one.
        if version == .explicit, finalized == .implicit, hasStarted, canBumpEpoch { needsNewEpoch = true }
        newPartitions = []
        addingPartitions = []
        partitions = []
        hasStarted = false
        endings = 0
        guard !needsNewEpoch else { return move(to: .initializing) }
        move(to: .ready)
        finishPending(nil)
    }

    // MARK: - Failures

    private mutating func refused(_ request: TransactionRequest, _ code: ErrorCode) -> TransactionPause {
        let failure = KafkaError(code, request.description)
        switch TransactionVerdict.of(code, to: request) {
        case .done: return .none
        case .retry:
            let isFirst = if case .addPartitions = request { partitions.isEmpty } else { false }
            return isFirst && code == .concurrentTransactions ? .short : .backoff
        case .findCoordinator:
            if let coordinator = request.coordinator { coordinators[coordinator] = nil }
            return .backoff
        case .abort:
            refusedForGood(request, failure)
        case .recover:
            // A commit that was asked for before may be through, so it cannot be said to have come to nothing.
            let mayBeCommitted = request == .end(committed: true) && endings > 1
            guard canBumpEpoch || version == .implicit, !mayBeCommitted else {
                fail(failure)
                break
            }
            needsNewEpoch = version == .explicit || code == .invalidProducerIdMapping
            isForgotten = code == .invalidProducerIdMapping
            refusedForGood(request, failure)
        case .fatal:
            // Older coordinators have one code for both.
            fail(code == .invalidProducerEpoch ? KafkaError(.producerFenced, request.description) : failure)
        }
        return .none
    }

    private mutating func refusedForGood(_ request: TransactionRequest, _ failure: KafkaError) {
        if case .addPartitions = request {
            addingPartitions = []
            // What was to be added is of no interest to an abort.
            if phase == .aborting { return }
        }
        if phase == .initializing, pending == .initialize {
            move(to: .uninitialized)
            return finishPending(failure)
        }
        // The commit itself was through: it is the next transaction that suffers.
        if phase == .initializing, pending == .commit { finishPending(nil) }
        abortable(failure)
    }

    private mutating func abortable(_ failure: KafkaError) {
        guard phase != .abortableError else { return }
        error = failure.abortingTransaction
        move(to: .abortableError)
        failOffsets(failure.abortingTransaction)
        finishPending(error)
    }

    /// Nothing can be done any more but to close the producer.
    mutating func fail(_ failure: KafkaError) {
        guard phase != .fatalError else { return }
        let failure = failure.endingProducer
        error = failure
        move(to: .fatalError)
        failOffsets(failure)
        finishPending(failure)
    }

    private mutating func failOffsets(_ failure: KafkaError) {
        for _ in offsets { finish(.sendOffsets, failure) }
        offsets = []
        hasAddedGroup = false
    }

    private mutating func finishPending(_ error: KafkaError?) {
        guard let pending, !isPendingFinished else { return }
        isPendingFinished = true
        finish(pending, error)
    }

    private mutating func finish(_ call: TransactionCall, _ error: KafkaError?) {
        finished.append(Finished(call: call, error: error))
    }

    private mutating func move(to next: TransactionPhase) {
        assert(phase.successors.contains(next), "\(phase) → \(next)")
        phase = next
    }
}

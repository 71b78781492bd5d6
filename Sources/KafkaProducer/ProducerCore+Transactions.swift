import NIOCore
import NIOPosix
import Synchronization

// Transactions as callers see them.
extension ProducerCore {
    /// Begins a call, for callers that wait in their own way; `acknowledge` says that its end was seen.
    package func begin(_ call: TransactionCall, offsets: TransactionOffsets? = nil) -> TransactionOutcome {
        let outcome = TransactionOutcome()
        if isClosed.load(ordering: .relaxed) {
            outcome.settle(Self.closedError)
        } else {
            sender.eventLoop.execute { self.sender.begin(call, offsets: offsets, outcome) }
        }
        return outcome
    }

    /// Whoever made the call has seen its end, which lets another follow.
    package func acknowledge(_ call: TransactionCall) {
        partitioner?.transactionChanged(isOpen: !isShut.load(ordering: .acquiring))
        guard call.isExclusive else { return }
        sender.eventLoop.execute { self.sender.acknowledge(call) }
    }

    /// Makes a call, and blocks for its end at most `max.block.ms`.
    /// - Throws: `KafkaError` of kind `illegalState` where the call is not allowed, and in a callback; of kind `timeout`
    ///   if it has not ended in time; what it came to.
    func perform(_ call: TransactionCall, offsets: TransactionOffsets? = nil) throws(KafkaError) {
        if MultiThreadedEventLoopGroup.currentEventLoop != nil {
            throw .illegalCall(call, "not in a callback, which would wait for its own thread")
        }
        let outcome = begin(call, offsets: offsets)
        guard try outcome.latch.wait(until: sender.eventLoop.now + TimeAmount(configuration.maxBlock)) else {
            throw timedOut(call)
        }
        try conclude(call, outcome)
    }

    /// Makes a call, and suspends for its end at most `max.block.ms`.
    func perform(_ call: TransactionCall, offsets: TransactionOffsets? = nil) async throws(KafkaError) {
        let outcome = begin(call, offsets: offsets)
        let timeUp = Latch()
        let limit = sender.eventLoop.scheduleTask(in: TimeAmount(configuration.maxBlock)) { timeUp.open() }
        defer { limit.cancel() }
        await Latch.either(outcome.latch, timeUp)
        guard outcome.latch.isOpen else { throw timedOut(call) }
        try conclude(call, outcome)
    }

    private func conclude(_ call: TransactionCall, _ outcome: TransactionOutcome) throws(KafkaError) {
        acknowledge(call)
        if let error = outcome.error { throw error }
    }

    /// The error of a call that has not ended in time.
    package func timedOut(_ call: TransactionCall) -> KafkaError {
        let reason = sender.networkError.map { " (\($0.message))" } ?? ""
        return KafkaError(
            .timeout,
            "\(call.rawValue) did not end within \(configuration.maxBlock.milliseconds) ms (max.block.ms)\(reason): "
                + "call it again, or close the producer")
    }

    /// A record of the transaction that failed on the caller's side fails the transaction too.
    func poisonTransaction(_ error: KafkaError) {
        guard configuration.transactionalId != nil else { return }
        sender.eventLoop.execute { self.sender.noteFailure(error) }
    }

    // MARK: - Close

    /// Aborts a transaction that is open, for callers that wait in their own way and close then.
    package func beginClosingTransaction() -> TransactionOutcome {
        let outcome = TransactionOutcome()
        guard configuration.transactionalId != nil else {
            outcome.settle(nil)
            return outcome
        }
        sender.eventLoop.execute { self.sender.abortBeforeClosing(outcome) }
        return outcome
    }

    /// Aborts a transaction that is open, within `max.block.ms` and before the deadline.
    func abortOpenTransaction(until deadline: NIODeadline) throws(KafkaError) {
        let limit = sender.eventLoop.now + TimeAmount(configuration.maxBlock)
        _ = try beginClosingTransaction().latch.wait(until: min(deadline, limit))
    }

    /// Suspending form.
    func abortOpenTransaction() async {
        let timeUp = Latch()
        let limit = sender.eventLoop.scheduleTask(in: TimeAmount(configuration.maxBlock)) { timeUp.open() }
        defer { limit.cancel() }
        await Latch.either(beginClosingTransaction().latch, timeUp)
    }
}

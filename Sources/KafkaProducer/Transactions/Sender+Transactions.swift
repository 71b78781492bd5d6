import KafkaWire
import Logging
import NIOCore
import OrderedCollections

// Transactions as the sender carries them out: calls, and which batches may go.
extension Sender {
    /// Begins a call; the outcome is settled when it ends.
    func begin(_ call: TransactionCall, offsets: TransactionOffsets? = nil, _ outcome: TransactionOutcome) {
        guard !isClosing else { return outcome.settle(ProducerCore.closedError) }
        do throws(KafkaError) {
            let admission = try transaction?.state.admit(call, offsets: offsets)
            switch admission {
            case nil: throw .illegalCall(call, "the producer has no transactional.id")
            case .joined: transaction?.outcome?.share(with: outcome)
            case .started: started(call, outcome)
            }
        } catch {
            outcome.settle(error)
        }
        publishGate()
        advanceTransaction()
    }

    private func started(_ call: TransactionCall, _ outcome: TransactionOutcome) {
        switch call {
        case .begin:
            publishGate()
            outcome.settle(nil)
        case .sendOffsets: transaction?.offsetOutcomes.append(outcome)
        case .initialize: transaction?.outcome = outcome
        case .commit, .abort:
            transaction?.outcome = outcome
            reviewEverything()
        }
    }

    /// Whoever made a call has seen its end.
    func acknowledge(_ call: TransactionCall) { transaction?.state.acknowledged(call) }

    /// A record of the transaction failed before it reached a batch, or with it.
    func noteFailure(_ error: KafkaError, leavesGap: Bool = false) {
        guard let phase = transaction?.state.phase, !isClosing else { return }
        transaction?.state.batchFailed(error, leavesGap: leavesGap)
        guard transaction?.state.phase != phase else { return }
        transactionChanged()
        // Not here: the batches that this dooms may be those that the caller goes through.
        eventLoop.execute { self.reviewAll() }
    }

    /// A coordinator, or whoever may name it, does not let this client in: calls that wait for it fail, and the producer
    /// with them (Java's `TransactionManager.authenticationFailed`).
    /// - Parameter node: nil where nobody else can be reached either.
    func failTransaction(_ error: KafkaError, waitingFor node: Node?) {
        guard let state = transaction?.state, state.isWaiting(for: node?.id) else { return }
        transaction?.state.fail(error)
        transactionChanged()
        eventLoop.execute { self.reviewAll() }
    }

    /// Tells those who wait what has come to its end, and senders of records what holds now.
    private func transactionChanged() {
        identity = transaction?.state.identity.map { .known($0) } ?? .needed
        publishGate()
        for finished in transaction?.state.takeFinished() ?? [] {
            switch finished.call {
            case .sendOffsets: transaction?.offsetOutcomes.removeFirst().settle(finished.error)
            default: transaction?.outcome?.settle(finished.error)
            }
        }
    }

    private func publishGate() {
        guard let transaction, transaction.toldPhase != transaction.state.phase else { return }
        let state = transaction.state
        self.transaction?.toldPhase = state.phase
        transaction.gate(
            state.phase.takesRecords
                ? nil : state.error ?? KafkaError(.illegalState, "no transaction is open: call beginTransaction first"))
    }

    /// Aborts what is open, since the producer is about to close; the outcome is settled when nothing is open.
    func abortBeforeClosing(_ outcome: TransactionOutcome) {
        guard let state = transaction?.state else { return outcome.settle(nil) }
        if TransactionCall.abort.origins.contains(state.phase) {
            if let pending = state.pending { acknowledge(pending) }
            return begin(.abort, outcome)
        }
        guard state.phase.isCompleting || state.phase == .initializing else { return outcome.settle(nil) }
        transaction?.outcome?.share(with: outcome)
    }

    /// Ends what is under way, since the producer closes.
    func endTransaction(_ error: KafkaError) {
        transaction?.pause?.cancel()
        transaction?.outcome?.settle(error)
        for outcome in transaction?.offsetOutcomes ?? [] { outcome.settle(error) }
        transaction?.offsetOutcomes = []
    }

    // MARK: - Batches

    /// Whether a partition's batches may go as far as transactions are concerned; fails those that never will.
    func mayGo(_ queue: PartitionQueue) -> Bool {
        guard let phase = transaction?.state.phase else { return true }
        let hasUndrained = queue.nextSize != nil
        switch phase {
        case .fatalError:
            failEverything(in: queue, because: transaction?.state.error)
            return false
        case .abortableError, .aborting:
            // What was sent already is seen through: its sequences are taken.
            if hasUndrained { failUndrained(in: queue, because: transaction?.state.error) }
            return !queue.dispatch.isIdle
        case .inTransaction, .committing:
            guard hasUndrained else { return true }
            let key = PartitionKey(topic: queue.topic.name, partition: queue.partition)
            if transaction?.state.mayWrite(to: key) == true { return true }
            advanceTransaction()
            return false
        case .uninitialized, .initializing, .ready:
            // Slipped in while the transaction ended.
            if hasUndrained { failUndrained(in: queue, because: nil) }
            return false
        }
    }

    private func failUndrained(in queue: PartitionQueue, because error: KafkaError?) {
        let error =
            error
            ?? KafkaError(.transactionAborted, "\(queue.name): the transaction was aborted before the record was sent")
        for batch in queue.takeExpired(before: .distantFuture) { finish(batch, failing: error) }
    }

    private func failEverything(in queue: PartitionQueue, because error: KafkaError?) {
        let error = error ?? KafkaError(.illegalState, "\(queue.name): the producer has failed")
        fail(everythingIn: queue, error)
    }

    /// Versions of the brokers' features come with each connection.
    func learnFeatures(from versions: NegotiatedVersions) {
        guard let known = transaction?.featuresEpoch, versions.featuresEpoch > known else { return }
        transaction?.featuresEpoch = versions.featuresEpoch
        transaction?.state.finalized = TransactionVersion(level: versions.transactionVersion)
    }

    // MARK: - Requests

    /// Sends the next request of the transaction, if there is one and it can be sent.
    func advanceTransaction() {
        guard transaction != nil, transaction?.pause == nil, !isClosing else { return }
        let request = transaction?.state.next(hasIncompleteBatches: hasIncompleteBatches)
        transactionChanged()
        if let request { send(request) }
    }

    private func send(_ request: TransactionRequest) {
        let now = eventLoop.now
        guard let id = transaction?.state.node(for: request) else {
            guard let node = leastLoadedNode(at: now), let connection = node.connection else {
                // The end of connecting, or of throttling, comes back here.
                metadata.want()
                return refreshMetadataIfDue()
            }
            return send(request, to: node, over: connection)
        }
        guard let node = nodes[id] else {
            transaction?.state.lost(node: id)
            return advanceTransaction()
        }
        guard let connection = node.connection else { return connect(node, at: now) }
        guard node.throttledUntil <= now else { return }
        send(request, to: node, over: connection)
    }

    private func send(_ request: TransactionRequest, to node: Node, over connection: any BrokerLink) {
        if request.coordinator == .transaction {
            transaction?.state.canBumpEpoch = connection.versions.speaks(.initProducerId, from: 3)
        }
        guard let state = transaction?.state, let id = configuration.transactionalId else { return }
        let exchange = TransactionExchange(
            transactionalId: id, timeout: configuration.transactionTimeout, identity: state.identity,
            version: state.version)
        transaction?.state.sent(request)
        do throws(KafkaError) {
            try exchange.send(request, over: connection, timeout: configuration.requestTimeout) { [self] reply in
                throttle(node, for: reply.throttleTimeMs, reply.api, version: reply.version)
                if let coordinator = reply.coordinator { meet(coordinator) }
                answered(reply.answer)
            }
        } catch {
            logger.error("\(error)")
            transaction?.state.fail(error)
            transactionChanged()
            reviewAll()
        }
    }

    /// A coordinator need not lead a partition that is known here.
    private func meet(_ coordinator: TransactionExchange.Coordinator) {
        guard nodes[coordinator.node]?.address != coordinator.address, nodes[coordinator.node] == nil else { return }
        nodes[coordinator.node] = Node(id: coordinator.node, address: coordinator.address)
    }

    private func answered(_ answer: TransactionAnswer) {
        guard !isClosing, let pause = transaction?.state.answered(answer) else { return }
        transactionChanged()
        switch pause {
        case .none:
            transaction?.failures = 0
            reviewAll()
        case .short: resume(after: .milliseconds(20))
        case .backoff:
            let backoff = ExponentialBackoff(
                initial: configuration.retryBackoff, maximum: configuration.retryBackoffMax)
            resume(after: backoff.pause(failures: transaction?.failures ?? 0, using: &generator))
            transaction?.failures += 1
        }
    }

    private func resume(after pause: TimeAmount) {
        transaction?.pause = eventLoop.assumeIsolated().scheduleTask(in: pause) { [self] in
            transaction?.pause = nil
            advanceTransaction()
        }
    }
}

import DequeModule
import Logging
package import NIOCore
import OrderedCollections
import Synchronization

/// The I/O side of a producer: takes batches from the queues and sees each of them through.
///
/// All but the methods that say otherwise run on one event loop, which alone touches connections, metadata and what
/// has been drained. Decisions are made by `PartitionDispatch`, `MetadataState`, `ProduceVerdict` and
/// `ConnectionState`; this type carries them out.
package final class Sender: @unchecked Sendable {
    let configuration: ProducerConfiguration
    let rules: DispatchRules
    private let lingerTime: TimeAmount
    /// `partitioner.availability.timeout.ms`
    let availabilityTimeout: TimeAmount
    /// `request.timeout.ms`, as requests have it.
    let requestTimeoutMs: Int32
    let eventLoop: any EventLoop
    let transport: any Transport
    let memory: MemoryBudget
    let topics: Topics
    let sensors: ProducerSensors
    let logger: Logger

    // The way in, from any thread.
    private let announced = Mutex<[PartitionQueue]>([])
    private let isAwake = Atomic(false)

    /// Why the last connection failed, for messages of callers that wait in vain.
    private let lastError = Mutex<KafkaError?>(nil)
    var networkError: KafkaError? { lastError.withLock { $0 } }
    func noteNetworkError(_ error: KafkaError?) { lastError.withLock { $0 = error } }

    // On the event loop only.
    /// Empty, with the room of what was announced before.
    private var latestAnnounced: [PartitionQueue] = []
    var cluster = ClusterMetadata.empty
    /// In order of their coming, so that the same events always have the same effects.
    var nodes: OrderedDictionary<Int32, Node> = [:]
    var metadata: MetadataState
    var recovery: RecoveryState
    var wanted: WantedTopics
    var identity: IdentityState
    /// nil without `transactional.id`.
    var transaction: TransactionWork?
    var encoder: BatchEncoder
    var generator: any RandomNumberGenerator & Sendable
    var metadataTimer: Scheduled<Void>?
    var recoveryTimer: Scheduled<Void>?
    /// Whether the addresses of `bootstrap.servers` are being looked up.
    var isBootstrapping = false
    /// Partitions that hold or held batches since they were last looked at.
    private var active: [PartitionQueue] = []
    /// When to look at partitions whose open batch lingers, soonest first.
    private var lingering: Deque<(deadline: NIODeadline, queue: PartitionQueue)> = []
    private var lingerTimer: Scheduled<Void>?
    private var expiryTimer: Scheduled<Void>?
    private var flushes = 0
    private(set) var isClosing = false

    init(
        configuration: ProducerConfiguration, environment: ProducerEnvironment, memory: MemoryBudget, topics: Topics,
        sensors: ProducerSensors, logger: Logger
    ) throws(KafkaError) {
        self.configuration = configuration
        eventLoop = environment.eventLoop
        transport = environment.transport
        generator = environment.generator
        self.memory = memory
        self.topics = topics
        self.sensors = sensors
        self.logger = logger
        let isIdempotent = configuration.enableIdempotence == true
        lingerTime = TimeAmount(configuration.linger)
        availabilityTimeout = TimeAmount(configuration.partitionerAvailabilityTimeout)
        requestTimeoutMs = Int32(clamping: configuration.requestTimeout.milliseconds)
        rules = DispatchRules(
            maxInFlight: configuration.maxInFlightRequestsPerConnection, isIdempotent: isIdempotent)
        identity = isIdempotent ? .needed : .notNeeded
        transaction = configuration.transactionalId == nil ? nil : TransactionWork()
        encoder = try BatchEncoder(configuration.compression, isTransactional: configuration.transactionalId != nil)
        metadata = MetadataState(
            maximumAge: TimeAmount(configuration.metadataMaxAge),
            backoff: ExponentialBackoff(
                initial: configuration.retryBackoff, maximum: configuration.retryBackoffMax))
        recovery = RecoveryState(
            strategy: configuration.metadataRecoveryStrategy,
            trigger: TimeAmount(configuration.metadataRecoveryRebootstrapTrigger))
        wanted = WantedTopics(maximumIdle: TimeAmount(configuration.metadataMaxIdle))
    }

    // MARK: - From any thread

    /// Tells the sender that a partition has something new. Cheap while the sender is busy anyway.
    func announce(_ queue: PartitionQueue) {
        announced.withLock { $0.append(queue) }
        wake()
    }

    /// Lets the sender look around: only the first of several calls costs a wake-up.
    func wake() {
        if !isAwake.exchange(true, ordering: .acquiringAndReleasing) {
            eventLoop.execute { self.run() }
        }
    }

    /// Lets a topic that has no metadata be asked about.
    func wantMetadata(of topic: Topic) {
        eventLoop.execute { [self] in
            if isClosing { return topic.fail(Self.closedEarly) }
            if !want(topic) { metadata.want() }
            refreshMetadataIfDue()
        }
    }

    private static let closedEarly = KafkaError(
        .closed, "the producer was closed before the record was acknowledged")

    /// Lets half-full batches go, since somebody waits for their memory.
    func reclaimMemory() {
        eventLoop.execute { self.reviewAll() }
    }

    // MARK: - The loop

    private func run() {
        isAwake.store(false, ordering: .releasing)
        // Two arrays that take turns, so that neither has to grow anew.
        var queues = latestAnnounced
        latestAnnounced = []
        announced.withLock { swap(&$0, &queues) }
        let now = eventLoop.now
        for queue in queues { review(queue, at: now) }
        drainAll(at: now)
        queues.removeAll(keepingCapacity: true)
        latestAnnounced = queues
    }

    /// Looks at every partition that holds something.
    func reviewAll() {
        let now = eventLoop.now
        for queue in active { review(queue, at: now) }
        drainAll(at: now)
    }

    /// Looks at one partition, and sends what may be sent.
    func reviewAndDrain(_ queue: PartitionQueue) {
        let now = eventLoop.now
        review(queue, at: now)
        drainAll(at: now)
    }

    /// Whether open batches go at once: nobody wants to wait for their linger.
    private var isUrgent: Bool {
        flushes > 0 || isClosing || memory.waiterCount > 0 || transaction?.state.phase.isCompleting == true
    }

    /// Puts a partition in its leader's line if it has something to send, or watches it until it has.
    func review(_ queue: PartitionQueue, at now: NIODeadline) {
        activate(queue)
        noteLoad(of: queue, at: now)
        if case .refused(let error) = identity {
            _ = queue.contents(listening: true)
            return fail(everythingIn: queue, error)
        }
        if queue.dispatch.isQueued { return }
        let contents = queue.contents(listening: true)
        guard mayGo(queue) else { return }
        let isDue = contents.fullCount > 0 || !queue.dispatch.retries.isEmpty
        if !isDue {
            guard let openSince = contents.openSince else { return }
            let due = openSince + lingerTime
            if due > now, !isUrgent { return linger(queue, until: due) }
        }
        switch queue.dispatch.turn(at: now, rules: rules, current: identity.current) {
        case .retry, .new:
            enqueue(queue)
        case .waiting(let instant):
            wake(queue, at: instant)
        case .blocked:
            // An answer, or a new identity, brings the partition back here.
            if !queue.dispatch.inFlight.isEmpty { nodes[queue.dispatch.leader]?.availability.waits(at: now) }
            renewIdentityIfSpent(queue)
        }
    }

    /// Looks at a partition again after its pause, once however often it is looked at until then.
    private func wake(_ queue: PartitionQueue, at instant: NIODeadline) {
        guard queue.dispatch.wakesAt != instant else { return }
        queue.dispatch.wakesAt = instant
        eventLoop.assumeIsolated().scheduleTask(deadline: instant) { self.reviewAndDrain(queue) }
    }

    private func enqueue(_ queue: PartitionQueue) {
        guard let node = nodes[queue.dispatch.leader], queue.dispatch.leader >= 0 else {
            metadata.want()
            return refreshMetadataIfDue()
        }
        queue.dispatch.isQueued = true
        node.line.append(queue)
    }

    /// Sends each node what stands in its line.
    func drainAll(at now: NIODeadline) {
        for node in nodes.values where !node.line.isEmpty { drain(node, at: now) }
        advanceTransaction()
    }

    /// Looks at every partition that there is, since what holds for all of them has changed.
    func reviewEverything() {
        let now = eventLoop.now
        for topic in topics.all {
            for queue in topic.layout.current.queues { review(queue, at: now) }
        }
        drainAll(at: now)
    }

    /// Whether records are still to be sent or acknowledged, as far as the sender has been told.
    var hasIncompleteBatches: Bool {
        active.contains { queue in
            let contents = queue.contents()
            return !queue.dispatch.isIdle || contents.fullCount > 0 || contents.openSince != nil
        }
    }

    private func activate(_ queue: PartitionQueue) {
        guard !queue.dispatch.isActive else { return }
        queue.dispatch.isActive = true
        active.append(queue)
        // It may have been left out of metadata since the last batch.
        if want(queue.topic) { refreshMetadataIfDue() }
        if expiryTimer == nil { watchExpiry() }
    }

    // MARK: - Linger

    private func linger(_ queue: PartitionQueue, until deadline: NIODeadline) {
        if queue.dispatch.isLingering { return }
        queue.dispatch.isLingering = true
        // Linger is the same for all, so the line stays in order but for partitions that came late to it.
        lingering.append((deadline, queue))
        if lingerTimer == nil { scheduleLinger() }
    }

    private func scheduleLinger() {
        guard let first = lingering.first else { return }
        lingerTimer = eventLoop.assumeIsolated().scheduleTask(deadline: first.deadline) { [self] in
            lingerTimer = nil
            let now = eventLoop.now
            while let first = lingering.first, first.deadline <= now {
                lingering.removeFirst()
                first.queue.dispatch.isLingering = false
                review(first.queue, at: now)
            }
            drainAll(at: now)
            if lingerTimer == nil { scheduleLinger() }
        }
    }

    // MARK: - Expiry

    /// `delivery.timeout.ms`, which a checked configuration always has.
    private var deliveryTimeout: TimeAmount {
        TimeAmount(configuration.deliveryTimeout ?? ProducerConfiguration.defaultDeliveryTimeout)
    }

    /// Looks now and then for batches whose time is up, and forgets partitions that have none left.
    private func watchExpiry() {
        let tenth = TimeAmount.nanoseconds(deliveryTimeout.nanoseconds / 10)
        let interval = min(max(tenth, TimeAmount.milliseconds(10)), TimeAmount.milliseconds(500))
        expiryTimer = eventLoop.assumeIsolated().scheduleTask(in: interval) { [self] in
            expiryTimer = nil
            let now = eventLoop.now
            expire(before: now - deliveryTimeout)
            let watched = active
            active.removeAll { queue in
                let contents = queue.contents()
                let isDone = queue.dispatch.isIdle && contents.fullCount == 0 && contents.openSince == nil
                if isDone { queue.dispatch.isActive = false }
                return isDone
            }
            publishLoads(of: watched, stillActive: active, at: now)
            if !active.isEmpty { watchExpiry() }
        }
    }

    private func expire(before instant: NIODeadline) {
        for queue in active {
            let expired = queue.drained.filter { $0.createdAt <= instant } + queue.takeExpired(before: instant)
            guard !expired.isEmpty else { continue }
            let reason = networkError.map { " (\($0.message))" } ?? ""
            for batch in expired {
                queue.dispatch.failed(batch)
                finish(
                    batch,
                    failing: KafkaError(
                        .timeout,
                        "\(batch.recordCount) records for \(queue.topic.name)-\(queue.partition) were not "
                            + "acknowledged within delivery.timeout.ms=\(deliveryTimeout.nanoseconds / 1_000_000)\(reason)"
                    ))
            }
            reviewAndDrain(queue)
        }
    }

    /// Completes a batch and gives its memory back.
    func finish(_ batch: Batch, _ complete: (Batch) -> Void) {
        complete(batch)
        releaseIfIdle(batch)
    }

    /// Fails a batch and gives its memory back.
    func finish(_ batch: Batch, failing error: KafkaError, exceptions: [Int32: KafkaError] = [:]) {
        sensors.failed(batch, at: eventLoop.now)
        finish(batch) { $0.fail(error, exceptions: exceptions) }
        noteFailure(error, leavesGap: batch.identity != nil)
    }

    /// Gives the memory back, and that of the batch it was split from, if no socket refers to it any more.
    func releaseIfIdle(_ batch: Batch) {
        if let chunk = batch.takeIdleChunk() { memory.release(chunk) }
        if let origin = batch.origin { releaseIfIdle(origin) }
    }

    // MARK: - Flush and close

    /// Sends everything at once; the future's latches open when what is here now is complete.
    package func flush() -> EventLoopFuture<[Latch]> {
        eventLoop.submit { [self] in
            flushes += 1
            var latches: [Latch] = []
            for topic in topics.all {
                for queue in topic.layout.current.queues {
                    latches += queue.sealForFlush() + queue.drained.map(\.latch)
                    review(queue, at: eventLoop.now)
                }
            }
            drainAll(at: eventLoop.now)
            flushes -= 1
            return latches
        }
    }

    /// Blocking form of `flush`.
    func flushNow() throws(KafkaError) -> [Latch] {
        do { return try flush().wait() } catch { throw KafkaError(wrapping: error) }
    }

    /// Fails whatever is queued or under way, because nothing can be sent any more.
    func failEverything(_ error: KafkaError) {
        for topic in topics.all {
            for queue in topic.layout.current.queues { fail(everythingIn: queue, error) }
        }
    }

    func fail(everythingIn queue: PartitionQueue, _ error: KafkaError) {
        for batch in queue.drained + queue.takeExpired(before: .distantFuture) {
            queue.dispatch.failed(batch)
            finish(batch, failing: error)
        }
    }

    /// Fails whatever is left, and closes the connections.
    func shutDown() -> EventLoopFuture<Void> {
        eventLoop.submit { [self] in
            isClosing = true
            let error = Self.closedEarly
            for timer in [lingerTimer, expiryTimer, metadataTimer, recoveryTimer] { timer?.cancel() }
            for topic in topics.all {
                topic.fail(error)
                for queue in topic.layout.current.queues { queue.close() }
            }
            endTransaction(error)
            failEverything(error)
            memory.close()
            for node in nodes.values { node.connection?.close(error) }
            nodes = [:]
            active = []
        }
    }
}

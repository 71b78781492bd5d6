package import Logging
package import NIOCore
import NIOPosix
import Synchronization

/// The producer of bytes: everything below the serializers. `Producer` and the Lua host are faces of it.
@usableFromInline
package final class ProducerCore: Sendable {
    package let configuration: ProducerConfiguration
    package let logger: Logger
    private let environment: ProducerEnvironment
    let topics: Topics
    let memory: MemoryBudget
    let sensors: ProducerSensors
    package let sender: Sender
    /// nil where the built-in partitioner does it all.
    let partitioner: (any Partitioner)?
    let ignoresKeys: Bool
    /// Whether no partitioner has to be asked.
    let isPartitionedHere: Bool
    let isClosed = Atomic(false)
    /// Whether records have to go the long way, on which they are refused: closed, or no transaction is open.
    let isShut: Atomic<Bool>
    /// Why records are refused.
    let refusal = Mutex<KafkaError?>(nil)
    /// Opens when `close` is through.
    private let closing = Latch()

    /// - Throws: `KafkaError` of kind `configuration`.
    package convenience init(_ configuration: ProducerConfiguration, logger: Logger) throws(KafkaError) {
        let configuration = try configuration.validated(logger: logger).identified
        try self.init(validated: configuration, logger: logger, environment: try .network(configuration))
    }

    /// A producer on a thread and a network of the caller's making.
    /// - Throws: `KafkaError` of kind `configuration`.
    package convenience init(
        _ configuration: ProducerConfiguration, logger: Logger, environment: ProducerEnvironment
    ) throws(KafkaError) {
        try self.init(
            validated: configuration.validated(logger: logger).identified, logger: logger, environment: environment)
    }

    private init(
        validated configuration: ProducerConfiguration, logger: Logger, environment: ProducerEnvironment
    ) throws(KafkaError) {
        self.configuration = configuration
        self.logger = logger
        let chance = Chance(environment.generator)
        topics = Topics(chance: chance)
        ignoresKeys = configuration.partitioner.ignoresKeys(configured: configuration.partitionerIgnoreKeys)
        partitioner = configuration.partitioner.makePartitioner(chance: chance)
        isPartitionedHere = partitioner == nil
        isShut = Atomic(configuration.transactionalId != nil)
        memory = MemoryBudget(total: configuration.bufferMemory, chunkSize: configuration.batchSize)
        sensors = ProducerSensors(clientId: configuration.clientId, memory: memory)
        self.environment = environment
        do {
            sender = try Sender(
                configuration: configuration, environment: environment, memory: memory, topics: topics,
                sensors: sensors, logger: logger)
        } catch {
            environment.shutDown()
            throw error
        }
        sender.transaction?.gate = { [weak self] refusal in
            guard let self else { return }
            self.refusal.withLock { $0 = refusal }
            isShut.store(refusal != nil, ordering: .releasing)
        }
    }

    deinit {
        // Without `close` nobody waits: what is left fails. The thread ends here and not in `close`, so that calls
        // that were begun before it, such as `flush` on another thread, find it.
        if !isClosed.load(ordering: .relaxed) { finish {} }
        closing.whenOpen(environment.shutDown)
    }

    /// The topic of that name, to be kept by callers who send to it often.
    @usableFromInline
    package func topic(_ name: String) -> Topic { topics.named(name) }

    // MARK: - Flush, close, look

    /// Sends everything that waits and blocks until all of it is complete.
    /// - Throws: `KafkaError` of kind `illegalState` in a callback (KIP-1118); kind `timeout` at the deadline.
    package func flush(until deadline: NIODeadline = .distantFuture) throws(KafkaError) {
        if MultiThreadedEventLoopGroup.currentEventLoop != nil {
            throw KafkaError(.illegalState, "flush must not be called in a callback: it would wait for itself")
        }
        let start = sender.eventLoop.now
        defer { sensors.flushed(since: start, at: sender.eventLoop.now) }
        for latch in try sender.flushNow() {
            guard try latch.wait(until: deadline) else {
                throw KafkaError(.timeout, "records were still under way at the end of the time given to flush")
            }
        }
    }

    /// Sends everything that waits; the latches open when what is here now is complete.
    /// `endFlush` says that they are awaited no longer.
    package func beginFlush() -> [Latch] { (try? sender.flushNow()) ?? [] }

    package func endFlush(begunAt start: NIODeadline) { sensors.flushed(since: start, at: sender.eventLoop.now) }

    /// Sends everything that waits, and suspends until all of it is complete.
    package func flush() async {
        let start = sender.eventLoop.now
        guard let latches = try? await sender.flush().get() else { return }
        for latch in latches { await latch.opened() }
        sensors.flushed(since: start, at: sender.eventLoop.now)
    }

    /// Completes what is under way, for at most `timeout`, and fails the rest. In a callback nothing is waited for.
    /// - Parameter onClosed: called once, after the last record's completion.
    package func close(
        timeout: Duration?, onClosed: @escaping @Sendable () -> Void = {}
    ) throws(KafkaError) {
        if let timeout, timeout < .zero { throw KafkaError(.illegalArgument, "the timeout of close is negative") }
        guard !shut() else {
            if MultiThreadedEventLoopGroup.currentEventLoop == nil { _ = try closing.wait() }
            return
        }
        if MultiThreadedEventLoopGroup.currentEventLoop == nil, timeout != .zero {
            let deadline = Deadline.after(timeout)
            try? flush(until: deadline)
            try? abortOpenTransaction(until: deadline)
        }
        finish(onClosed)
        if MultiThreadedEventLoopGroup.currentEventLoop == nil { _ = try closing.wait() }
    }

    /// Suspending form of `close`.
    package func close(onClosed: @escaping @Sendable () -> Void = {}) async {
        guard !shut() else { return await closing.opened() }
        await flush()
        await abortOpenTransaction()
        finish(onClosed)
        await closing.opened()
    }

    /// Fails what is under way, and waits for nothing.
    package func beginClose() {
        if !shut() { finish {} }
    }

    /// Refuses records from now on; returns whether that was so before.
    private func shut() -> Bool {
        isShut.store(true, ordering: .releasing)
        return isClosed.exchange(true, ordering: .acquiringAndReleasing)
    }

    private func finish(_ onClosed: @escaping @Sendable () -> Void) {
        let (closing, partitioner) = (closing, partitioner)
        sender.shutDown().whenComplete { _ in
            onClosed()
            partitioner?.close()
            closing.open()
        }
    }

    /// The partitions of a topic, waiting for metadata at most `max.block.ms`.
    package func partitions(of topic: Topic) throws(KafkaError) -> TopicPartitions {
        let deadline = sender.eventLoop.now + TimeAmount(configuration.maxBlock)
        var progress = Progress()
        while true {
            switch try lookUp(&progress, partitionsOf: topic) {
            case .known(let partitions): return partitions
            case .mustWait(let latch):
                guard try latch.wait(until: deadline) else { throw missingMetadata(topic, nil) }
            }
        }
    }

    package enum LookUp {
        case known(TopicPartitions)
        /// Look again when the latch is open, or give up with `missingMetadata`.
        case mustWait(Latch)
    }

    /// The partitions of a topic as far as is known, for callers that wait in their own way.
    package func lookUp(_ progress: inout Progress, partitionsOf topic: Topic) throws(KafkaError) -> LookUp {
        endWait(&progress)
        if isClosed.load(ordering: .relaxed) { throw Self.closedError }
        topic.lookedUp()
        let partitions = topic.layout.current.partitions
        if partitions.count > 0 { return .known(partitions) }
        guard case .mustWait(let latch) = try waitForMetadata(&progress, topic: topic, partition: nil) else {
            return .known(topic.layout.current.partitions)
        }
        return .mustWait(latch)
    }

    /// What became of the records so far, topic by topic.
    package var deliveryReports: [DeliveryReport] { topics.all.map(\.report).sorted { $0.topic < $1.topic } }

    /// What was measured so far, from any thread, also after `close`.
    package var metrics: ProducerMetrics { sensors.snapshot(at: sender.eventLoop.now) }

    /// Bytes of `buffer.memory` that are free.
    package var availableMemory: Int { memory.availableBytes }
}

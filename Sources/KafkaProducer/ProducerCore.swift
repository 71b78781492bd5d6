import KafkaWire
package import Logging
package import NIOCore
import NIOPosix
import Synchronization

/// The producer of bytes: everything below the serializers. `Producer` and the Lua host are faces of it.
@usableFromInline
package final class ProducerCore: Sendable {
    package let configuration: ProducerConfiguration
    package let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private let topics = Topics()
    private let memory: MemoryBudget
    private let sender: Sender
    /// nil where the built-in partitioner does it all.
    private let partitioner: (any Partitioner)?
    private let ignoresKeys: Bool
    private let isClosed = Atomic(false)
    /// Opens when `close` is through.
    private let closing = Latch()

    /// - Throws: `KafkaError` of kind `configuration`.
    package init(_ configuration: ProducerConfiguration, logger: Logger) throws(KafkaError) {
        let configuration = try configuration.validated(logger: logger)
        self.configuration = configuration
        self.logger = logger
        ignoresKeys = configuration.partitionerIgnoreKeys || configuration.partitioner.ignoresKeys
        partitioner = configuration.partitioner.makePartitioner()
        memory = MemoryBudget(total: configuration.bufferMemory, chunkSize: configuration.batchSize)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            sender = try Sender(
                configuration: configuration, eventLoop: group.next(), memory: memory, topics: topics, logger: logger)
        } catch {
            group.shutdownGracefully { _ in }
            throw error
        }
    }

    deinit {
        // Without `close` nobody waits: what is left fails. The thread ends here and not in `close`, so that calls
        // that were begun before it, such as `flush` on another thread, find it.
        if !isClosed.load(ordering: .relaxed) { finish {} }
        closing.whenOpen { [group] in group.shutdownGracefully { _ in } }
    }

    /// The topic of that name, to be kept by callers who send to it often.
    @usableFromInline
    package func topic(_ name: String) -> Topic { topics.named(name) }

    // MARK: - Send

    /// What a send has reached when it has to wait.
    package struct Progress {
        fileprivate var partition: Int32?
        fileprivate var source = PartitionSource.none
        fileprivate var reservation: MemoryBudget.Reservation?
        fileprivate var hasAskedForMetadata = false
        fileprivate var hasChangedPartition = false

        package init() {}
    }

    fileprivate enum PartitionSource {
        case none, explicit, custom, key, sticky
    }

    package enum Attempt {
        case sent(DeliveryFuture)
        /// Memory or metadata is missing: try again when the latch is open.
        case mustWait(Latch)
    }

    /// Sends a record, blocking for metadata and memory at most `max.block.ms`.
    ///
    /// Failures come through the future and the callback; the callback of a record that never reached a batch runs here.
    /// - Throws: `KafkaError` of kind `closed` or `illegalArgument`.
    package func send(
        _ record: RecordBytes, to topic: Topic, partition: Int32? = nil, headers: Headers = Headers(),
        callback: DeliveryCallback? = nil
    ) throws(KafkaError) -> DeliveryFuture {
        var progress = Progress()
        var deadline: NIODeadline?
        while true {
            switch try attempt(
                &progress, record, to: topic, partition: partition, headers: headers, callback: callback)
            {
            case .sent(let future): return future
            case .mustWait(let latch):
                let limit = deadline ?? .now() + TimeAmount(configuration.maxBlock)
                deadline = limit
                do throws(KafkaError) {
                    if try !latch.wait(until: limit) {
                        return timedOut(&progress, topic: topic, partition: partition, callback: callback)
                    }
                } catch {
                    giveUp(&progress)
                    return fail(error, topic: topic, partition: partition ?? -1, callback: callback)
                }
            }
        }
    }

    /// Sends a record whose bytes are lent for the length of the call. What `send` throws comes as a failure.
    @usableFromInline
    package func send(
        key: RawSpan?, value: RawSpan?, headers: Headers, timestamp: Int64?, to topic: String, partition: Int32?,
        callback: DeliveryCallback?
    ) -> Result<DeliveryFuture, KafkaError> {
        topics.withTopic(named: topic) { topic in
            headers.withEncoded { encoded in
                let record = RecordBytes(key: key, value: value, headers: encoded, timestamp: timestamp)
                return Result { () throws(KafkaError) in
                    try send(record, to: topic, partition: partition, headers: headers, callback: callback)
                }
            }
        }
    }

    /// Sends a record, suspending for metadata and memory at most `max.block.ms`.
    /// - Throws: `KafkaError` of kind `closed` or `illegalArgument`.
    package func send(
        _ owned: OwnedRecord, to topic: Topic, partition: Int32?, callback: DeliveryCallback?
    ) async throws(KafkaError) -> DeliveryFuture {
        var progress = Progress()
        var limit: Scheduled<Void>?
        defer { limit?.cancel() }
        let timeUp = Latch()
        while true {
            let attempted = try owned.lend { (record) throws(KafkaError) in
                try attempt(
                    &progress, record, to: topic, partition: partition, headers: owned.headers, callback: callback)
            }
            switch attempted {
            case .sent(let future): return future
            case .mustWait(let latch):
                if timeUp.isOpen {
                    return timedOut(&progress, topic: topic, partition: partition, callback: callback)
                }
                if limit == nil {
                    limit = sender.eventLoop.scheduleTask(in: TimeAmount(configuration.maxBlock)) { timeUp.open() }
                }
                await Latch.either(latch, timeUp)
            }
        }
    }

    /// Does as much of a send as can be done without waiting. After `mustWait` the call is to be repeated with the same
    /// arguments, or given up with `timedOut`.
    /// - Throws: `KafkaError` of kind `closed` or `illegalArgument`.
    package func attempt(
        _ progress: inout Progress, _ record: RecordBytes, to topic: Topic, partition: Int32?, headers: Headers,
        callback: DeliveryCallback?
    ) throws(KafkaError) -> Attempt {
        if isClosed.load(ordering: .relaxed) { throw Self.closedError }
        if let partition, partition < 0 {
            throw KafkaError(.illegalArgument, "partition \(partition): partitions count from 0")
        }
        if record.timestamp < 0 {
            throw KafkaError(.illegalArgument, "timestamp \(record.timestamp): timestamps count from 1970")
        }
        let bound = RecordBatchWriter.batchUpperBound(
            keyCount: record.key?.count ?? 0, valueCount: record.value?.count ?? 0, headersCount: record.headers.count)
        guard bound <= configuration.maxRequestSize, bound <= configuration.bufferMemory else {
            return .sent(tooLarge(bound, topic: topic, partition: partition, callback: callback))
        }
        do throws(KafkaError) {
            return try topic.layout.withCurrent { layout in
                Result { () throws(KafkaError) -> Attempt in
                    guard layout.partitions.count > partition ?? 0 else {
                        return try waitForMetadata(&progress, topic: topic, partition: partition)
                    }
                    return try append(
                        &progress, record, bound: bound, topic: topic, layout: layout, partition: partition,
                        headers: headers, callback: callback)
                }
            }.get()
        } catch  where error.kind == .closed {
            throw error
        } catch {
            giveUp(&progress)
            return .sent(
                fail(error, topic: topic, partition: progress.partition ?? partition ?? -1, callback: callback))
        }
    }

    /// Gives up a send that has waited for `max.block.ms`.
    package func timedOut(
        _ progress: inout Progress, topic: Topic, partition: Int32?, callback: DeliveryCallback?
    ) -> DeliveryFuture {
        let waited = "\(configuration.maxBlock.milliseconds) ms (max.block.ms)"
        let error: KafkaError
        if progress.reservation != nil {
            error = KafkaError(
                .bufferExhausted,
                "buffer.memory=\(configuration.bufferMemory) stayed exhausted for \(waited): the brokers do not keep up"
            )
        } else {
            let count = topic.layout.current.partitions.count
            let what = count == 0 ? "topic '\(topic.name)'" : "partition \(partition ?? 0) of topic '\(topic.name)'"
            let cause = sender.networkError.map { ": \($0.message)" } ?? (count > 0 ? ": it has \(count)" : "")
            error = KafkaError(.timeout, "\(what) not present in metadata after \(waited)\(cause)")
        }
        giveUp(&progress)
        return fail(error, topic: topic, partition: partition ?? -1, callback: callback)
    }

    /// Gives up a send that waits, for another reason than time.
    package func abandon(
        _ progress: inout Progress, because error: KafkaError, topic: Topic, partition: Int32?,
        callback: DeliveryCallback?
    ) -> DeliveryFuture {
        giveUp(&progress)
        return fail(error, topic: topic, partition: partition ?? -1, callback: callback)
    }

    private func giveUp(_ progress: inout Progress) {
        if let reservation = progress.reservation.take() { memory.cancel(reservation) }
    }

    private func waitForMetadata(
        _ progress: inout Progress, topic: Topic, partition: Int32?
    ) throws(KafkaError) -> Attempt {
        // The latch before the second look: an answer in between is not missed.
        let latch = topic.nextAnswer
        if topic.layout.current.partitions.count > partition ?? 0 { return .mustWait(.opened) }
        if let fault = Topic.fault(ofName: topic.name) { throw fault }
        if progress.hasAskedForMetadata, let failure = topic.failure { throw failure }
        sender.wantMetadata(of: topic, isNew: !progress.hasAskedForMetadata)
        progress.hasAskedForMetadata = true
        return .mustWait(latch)
    }

    private func append(
        _ progress: inout Progress, _ record: RecordBytes, bound: Int, topic: Topic, layout: Topic.Layout,
        partition explicit: Int32?, headers: Headers, callback: DeliveryCallback?
    ) throws(KafkaError) -> Attempt {
        var partition: Int32
        if let chosen = progress.partition {
            partition = chosen
        } else {
            (partition, progress.source) = try choose(record, explicit, topic, layout, headers)
            progress.partition = partition
        }
        var chunk = progress.reservation?.take()
        // An asynchronous send comes here at the end of its time too, with nothing granted.
        if chunk == nil { giveUp(&progress) }
        progress.reservation = nil
        while true {
            let stickyBatchSize = progress.source == .sticky ? configuration.batchSize : nil
            let result = layout.withQueue(partition) { queue in
                queue.append(record, callback: callback, chunk: &chunk, stickyBatchSize: stickyBatchSize)
            }
            switch result {
            case .appended(let future, let effects):
                if let chunk { memory.release(chunk) }
                if !effects.isEmpty { carryOut(effects, partition, topic, layout) }
                return .sent(future)
            case .needsChunk(let effects):
                carryOut(effects, partition, topic, layout)
                if !progress.hasChangedPartition {
                    progress.hasChangedPartition = true
                    if let other = try leave(partition, progress.source, record, bound, topic, layout, headers) {
                        partition = other
                        progress.partition = other
                        continue
                    }
                }
                switch memory.allocate(max(configuration.batchSize, bound)) {
                case .chunk(let granted): chunk = granted
                case .mustWait(let reservation):
                    progress.reservation = reservation
                    sender.reclaimMemory()
                    return .mustWait(reservation.latch)
                }
            case .closed:
                if let chunk { memory.release(chunk) }
                throw Self.closedError
            }
        }
    }

    private func carryOut(
        _ effects: PartitionQueue.AppendEffects, _ partition: Int32, _ topic: Topic, _ layout: Topic.Layout
    ) {
        if effects.contains(.announce) { sender.announce(layout.queues[Int(partition)]) }
        if effects.contains(.leaveSticky) { topic.sticky.switchFrom(partition, among: layout.partitions) }
    }

    // MARK: - Partition

    /// Explicit partition, then a custom partitioner, then the key's hash, then the sticky partition.
    private func choose(
        _ record: RecordBytes, _ explicit: Int32?, _ topic: Topic, _ layout: Topic.Layout, _ headers: Headers
    ) throws(KafkaError) -> (Int32, PartitionSource) {
        if let explicit { return (explicit, .explicit) }
        if let partitioner, let partition = try ask(partitioner, record, topic, layout, headers) {
            return (partition, .custom)
        }
        if let key = record.key, !ignoresKeys {
            return (Murmur2.toPositive(Murmur2.hash(key)) % layout.partitions.count, .key)
        }
        return (topic.sticky.partition(among: layout.partitions), .sticky)
    }

    private func ask(
        _ partitioner: any Partitioner, _ record: RecordBytes, _ topic: Topic, _ layout: Topic.Layout,
        _ headers: Headers
    ) throws(KafkaError) -> Int32? {
        let view = SerializedRecord(record, topic: topic.name, headers: headers)
        let partition: Int32?
        do {
            partition = try partitioner.partition(of: view, partitions: layout.partitions)
        } catch {
            throw error as? KafkaError ?? KafkaError(.partitioner, "\(error)")
        }
        if let partition, !(0..<layout.partitions.count).contains(partition) {
            throw KafkaError(
                .partitioner,
                "the partitioner chose partition \(partition) of topic '\(topic.name)', which has "
                    + "\(layout.partitions.count), from 0")
        }
        return partition
    }

    /// Where to go instead of opening a batch in `partition`; nil to open it. Asked at most once a record.
    private func leave(
        _ partition: Int32, _ source: PartitionSource, _ record: RecordBytes, _ bound: Int, _ topic: Topic,
        _ layout: Topic.Layout, _ headers: Headers
    ) throws(KafkaError) -> Int32? {
        switch source {
        case .sticky:
            let queue = layout.queues[Int(partition)]
            guard queue.leavesSticky(batchSize: configuration.batchSize, adding: bound) else { return nil }
            return topic.sticky.switchFrom(partition, among: layout.partitions)
        case .custom:
            guard let partitioner, partitioner.observesNewBatches else { return nil }
            partitioner.onNewBatch(topic: topic.name, partitions: layout.partitions, previous: partition)
            return try ask(partitioner, record, topic, layout, headers)
        case .explicit, .key, .none:
            return nil
        }
    }

    // MARK: - Failure

    private static let closedError = KafkaError(.closed, "the producer is closed: make a new one")

    private func tooLarge(
        _ bound: Int, topic: Topic, partition: Int32?, callback: DeliveryCallback?
    ) -> DeliveryFuture {
        let (key, limit) =
            bound > configuration.maxRequestSize
            ? ("max.request.size", configuration.maxRequestSize) : ("buffer.memory", configuration.bufferMemory)
        let error = KafkaError(.recordTooLarge, "a record of up to \(bound) bytes is larger than \(key)=\(limit)")
        return fail(error, topic: topic, partition: partition ?? -1, callback: callback)
    }

    private func fail(
        _ error: KafkaError, topic: Topic, partition: Int32, callback: DeliveryCallback?
    ) -> DeliveryFuture {
        topic.refused(error)
        let result = BatchResult.failed(error, topic: topic.name, partition: partition)
        callback?(result.failedMetadata, error)
        return DeliveryFuture(batch: result, index: 0)
    }

    // MARK: - Flush, close, look

    /// Sends everything that waits and blocks until all of it is complete.
    /// - Throws: `KafkaError` of kind `illegalState` in a callback (KIP-1118); kind `timeout` at the deadline.
    package func flush(until deadline: NIODeadline = .distantFuture) throws(KafkaError) {
        if MultiThreadedEventLoopGroup.currentEventLoop != nil {
            throw KafkaError(.illegalState, "flush must not be called in a callback: it would wait for itself")
        }
        for latch in try sender.flushNow() {
            guard try latch.wait(until: deadline) else {
                throw KafkaError(.timeout, "records were still under way at the end of the time given to flush")
            }
        }
    }

    /// Sends everything that waits; the latches open when what is here now is complete.
    package func beginFlush() -> [Latch] { (try? sender.flushNow()) ?? [] }

    /// Sends everything that waits, and suspends until all of it is complete.
    package func flush() async {
        guard let latches = try? await sender.flush().get() else { return }
        for latch in latches { await latch.opened() }
    }

    /// Completes what is under way, for at most `timeout`, and fails the rest. In a callback nothing is waited for.
    /// - Parameter onClosed: called once, after the last record's completion.
    package func close(
        timeout: Duration?, onClosed: @escaping @Sendable () -> Void = {}
    ) throws(KafkaError) {
        if let timeout, timeout < .zero { throw KafkaError(.illegalArgument, "the timeout of close is negative") }
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else {
            if MultiThreadedEventLoopGroup.currentEventLoop == nil { _ = try closing.wait() }
            return
        }
        if MultiThreadedEventLoopGroup.currentEventLoop == nil, timeout != .zero {
            try? flush(until: Deadline.after(timeout))
        }
        finish(onClosed)
        if MultiThreadedEventLoopGroup.currentEventLoop == nil { _ = try closing.wait() }
    }

    /// Suspending form of `close`.
    package func close(onClosed: @escaping @Sendable () -> Void = {}) async {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return await closing.opened() }
        await flush()
        finish(onClosed)
        await closing.opened()
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
        let deadline = NIODeadline.now() + TimeAmount(configuration.maxBlock)
        var progress = Progress()
        while topic.layout.current.partitions.count == 0 {
            guard case .mustWait(let latch) = try waitForMetadata(&progress, topic: topic, partition: nil),
                try latch.wait(until: deadline)
            else {
                return try timedOut(&progress, topic: topic, partition: nil, callback: nil).batch.result(of: 0)
                    .map { _ in topic.layout.current.partitions }.get()
            }
        }
        return topic.layout.current.partitions
    }

    /// What became of the records so far, topic by topic.
    package var deliveryReports: [DeliveryReport] { topics.all.map(\.report).sorted { $0.topic < $1.topic } }

    /// Bytes of `buffer.memory` that are free.
    package var availableMemory: Int { memory.availableBytes }
}

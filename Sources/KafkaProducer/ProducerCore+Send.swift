import KafkaWire
import NIOCore
import Synchronization

// The way of a record from its bytes to its batch.
extension ProducerCore {
    /// What a send has reached when it has to wait.
    package struct Progress {
        var partition: Int32?
        var source = PartitionSource.none
        /// The partitioner's that has the record; −1 where it is not known yet, or there is only one.
        var generation = -1
        var isUnpinned = false
        fileprivate var reservation: MemoryBudget.Reservation?
        fileprivate var hasAskedForMetadata = false
        /// Whether the partitioner was told of a new batch, as it is once a record at most.
        var hasToldOfNewBatch = false
        fileprivate var waitsSince: NIODeadline?
        /// Since when records of older generations are waited for.
        fileprivate var drainsSince: NIODeadline?

        package init(generation: Int = -1) { self.generation = generation }

        mutating func beginDrain(at now: NIODeadline) { drainsSince = now }
    }

    package enum Attempt {
        case sent(DeliveryFuture)
        /// Memory or metadata is missing, or what an older generation of the partitioner has under way is in front: try again when the latch is open.
        case mustWait(Latch)
    }

    /// Sends a record, blocking for metadata and memory at most `max.block.ms`.
    ///
    /// Failures come through the future and the callback; the callback of a record that never reached a batch runs here.
    /// - Throws: `KafkaError` of kind `closed` or `illegalArgument`.
    package func send(
        _ record: RecordBytes, to topic: Topic, partition: Int32? = nil, headers: Headers = Headers(),
        callback: DeliveryCallback? = nil, after progress: Progress = Progress()
    ) throws(KafkaError) -> DeliveryFuture {
        var progress = progress
        var deadline: NIODeadline?
        while true {
            switch try attempt(
                &progress, record, to: topic, partition: partition, headers: headers, callback: callback)
            {
            case .sent(let future): return future
            case .mustWait(let latch):
                let limit = deadline ?? sender.eventLoop.now + TimeAmount(configuration.maxBlock)
                deadline = limit
                do throws(KafkaError) {
                    if try !latch.wait(until: limit) {
                        return timedOut(&progress, topic: topic, partition: partition, callback: callback)
                    }
                } catch {
                    return abandon(
                        &progress, because: error, topic: topic, partition: partition, callback: callback)
                }
            }
        }
    }

    /// Sends a record whose bytes are lent for the length of the call.
    ///
    /// What the other forms throw comes as a future that `isRejected`: half of a record's way would otherwise be spent
    /// on carrying a result that is never an error.
    @usableFromInline
    package func send(
        key: RawSpan?, value: RawSpan?, headers: Headers, timestamp: Int64?, to topic: String, partition: Int32?,
        callback: DeliveryCallback?
    ) -> DeliveryFuture {
        sendLent(
            RecordBytes(key: key, value: value, timestamp: timestamp), headers: headers, to: topic,
            partition: partition, callback: callback)
    }

    /// The same for callers who have the bytes as such. The record's own headers are empty: `headers` are encoded here.
    @inline(__always)
    package func sendLent(
        _ record: RecordBytes, headers: Headers, to topic: String, partition: Int32?, callback: DeliveryCallback?
    ) -> DeliveryFuture {
        if headers.isEmpty, isPartitionedHere || partition != nil,
            let future = topics.withLatest(
                named: topic,
                { topic in
                    appendDirectly(record, generation: -1, to: topic, partition: partition, callback: callback)
                })
        {
            return future
        }
        return sendCompletely(record, headers, to: topic, partition: partition, callback: callback)
    }

    @inline(never)
    private func sendCompletely(
        _ record: RecordBytes, _ headers: Headers, to topic: String, partition: Int32?, callback: DeliveryCallback?
    ) -> DeliveryFuture {
        let topic = topics.named(topic)
        return headers.withEncoded { encoded in
            var record = record
            record.headers = encoded
            var progress = Progress()
            if let future = appendDirectly(
                &progress, record, to: topic, partition: partition, headers: headers, callback: callback)
            {
                return future
            }
            do throws(KafkaError) {
                return try send(
                    record, to: topic, partition: partition, headers: headers, callback: callback, after: progress)
            } catch {
                return .rejected(error)
            }
        }
    }

    /// The way of most records: the topic is known, and there is an open batch with room. nil if it is not so: then the
    /// record is to go on by `attempt`, with the same progress.
    @inline(__always)
    package func appendDirectly(
        _ progress: inout Progress, _ record: RecordBytes, to topic: Topic, partition: Int32?, headers: Headers,
        callback: DeliveryCallback?
    ) -> DeliveryFuture? {
        if isPartitionedHere || partition != nil {
            return appendDirectly(record, generation: -1, to: topic, partition: partition, callback: callback)
        }
        // The partitioner is asked where it lies, here and below: given a name, it would be counted for each record.
        if partitioner?.isIdle == true { return appendPastPartitioner(record, to: topic, callback: callback) }
        return appendAsking(&progress, record, topic, headers, callback)
    }

    /// The same by the topic's name, which has to be that of the topic that was asked for last.
    package func appendDirectly(
        _ progress: inout Progress, _ record: RecordBytes, toTopicNamed name: UnsafeRawBufferPointer
    ) -> DeliveryFuture? {
        topics.withLatest(named: name) { topic in
            appendDirectly(&progress, record, to: topic, partition: nil, headers: Headers(), callback: nil)
        }
    }

    /// Past a partitioner that leaves records alone for now, but counts them for the day when it does not.
    private func appendPastPartitioner(
        _ record: RecordBytes, to topic: Topic, callback: DeliveryCallback?
    ) -> DeliveryFuture? {
        let generation = partitioner?.beginRecord() ?? -1
        defer { partitioner?.endRecord(generation: generation) }
        let drained = min(partitioner?.drainedGeneration ?? 0, generation)
        guard partitioner?.isIdle == true, topic.generations.areDone(before: drained) else { return nil }
        return appendDirectly(record, generation: generation, to: topic, partition: nil, callback: callback)
    }

    /// Where the partitioner says. It is not asked again where there is no room.
    private func appendAsking(
        _ progress: inout Progress, _ record: RecordBytes, _ topic: Topic, _ headers: Headers,
        _ callback: DeliveryCallback?
    ) -> DeliveryFuture? {
        guard !isShut.load(ordering: .relaxed), record.timestamp >= 0,
            sensors.largestRecord.covers(record.upperBound)
        else { return nil }
        progress.generation = partitioner?.beginRecord() ?? -1
        return topic.layout.withCurrent { layout in
            let drained = min(partitioner?.drainedGeneration ?? 0, progress.generation)
            guard layout.partitions.count > 0, topic.generations.areDone(before: drained) else { return nil }
            do throws(KafkaError) {
                try choose(&progress, record, nil, topic, layout, headers)
            } catch {
                return abandon(&progress, because: error, topic: topic, partition: nil, callback: callback)
            }
            guard let partition = progress.partition else { return nil }
            let future = layout.withQueue(partition) { queue in
                queue.appendToOpen(
                    record, generation: progress.generation, callback: callback, stickyLimit: .max)
            }
            if future != nil { unpin(&progress) }
            return future
        }
    }

    @inline(__always)
    private func appendDirectly(
        _ record: RecordBytes, generation: Int, to topic: Topic, partition explicit: Int32?,
        callback: DeliveryCallback?
    ) -> DeliveryFuture? {
        guard !isShut.load(ordering: .relaxed), record.timestamp >= 0,
            sensors.largestRecord.covers(record.upperBound)
        else { return nil }
        return topic.layout.withCurrent { layout in
            let count = layout.partitions.count
            let partition: Int32
            var stickyLimit = Int.max
            if let explicit {
                partition = explicit
            } else if let key = record.key, !ignoresKeys {
                guard count > 0 else { return nil }
                partition = Murmur2.toPositive(Murmur2.hash(key)) % count
            } else {
                partition = topic.sticky.current
                stickyLimit = 2 * configuration.batchSize
            }
            guard partition >= 0, partition < count else { return nil }
            return layout.withQueue(partition) { queue in
                queue.appendToOpen(record, generation: generation, callback: callback, stickyLimit: stickyLimit)
            }
        }
    }

    /// Sends a record, suspending for metadata and memory at most `max.block.ms`.
    /// - Throws: `KafkaError` of kind `closed` or `illegalArgument`.
    package func send(
        _ owned: OwnedRecord, to topic: Topic, partition: Int32?, generation: Int = -1, callback: DeliveryCallback?
    ) async throws(KafkaError) -> DeliveryFuture {
        var progress = Progress(generation: generation)
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
    /// - Throws: `KafkaError` of kind `closed`, `illegalArgument`, or `illegalState` where no transaction is open.
    package func attempt(
        _ progress: inout Progress, _ record: RecordBytes, to topic: Topic, partition: Int32?, headers: Headers,
        callback: DeliveryCallback?
    ) throws(KafkaError) -> Attempt {
        endWait(&progress)
        if isClosed.load(ordering: .relaxed) {
            giveUp(&progress)
            throw Self.closedError
        }
        if isShut.load(ordering: .relaxed), let refusal = refusal.withLock({ $0 }) {
            giveUp(&progress)
            throw refusal
        }
        if let partition, partition < 0 {
            throw KafkaError(.illegalArgument, "partition \(partition): partitions count from 0")
        }
        if record.timestamp < 0 {
            throw KafkaError(.illegalArgument, "timestamp \(record.timestamp): timestamps count from 1970")
        }
        let bound = record.batchUpperBound
        guard bound <= configuration.maxRequestSize, bound <= configuration.bufferMemory else {
            giveUp(&progress)
            return .sent(tooLarge(bound, topic: topic, partition: partition, callback: callback))
        }
        sensors.largestRecord.note(record.upperBound)
        do throws(KafkaError) {
            let attempt = try topic.layout.withCurrent { layout in
                Result { () throws(KafkaError) -> Attempt in
                    guard layout.partitions.count > partition ?? 0 else {
                        return try waitForMetadata(&progress, topic: topic, partition: partition)
                    }
                    return try append(
                        &progress, record, bound: bound, topic: topic, layout: layout, partition: partition,
                        headers: headers, callback: callback)
                }
            }.get()
            if case .sent = attempt { unpin(&progress) }
            return attempt
        } catch {
            if error.kind == .closed {
                giveUp(&progress)
                throw error
            }
            return .sent(
                abandon(&progress, because: error, topic: topic, partition: partition, callback: callback))
        }
    }

    /// Gives up a send that has waited for `max.block.ms`.
    package func timedOut(
        _ progress: inout Progress, topic: Topic, partition: Int32?, callback: DeliveryCallback?
    ) -> DeliveryFuture {
        if progress.reservation != nil { sensors.exhaustedMemory(at: sender.eventLoop.now) }
        let error =
            progress.drainsSince != nil
            ? undrained(topic) : progress.reservation == nil ? missingMetadata(topic, partition) : exhaustedMemory
        return abandon(&progress, because: error, topic: topic, partition: partition, callback: callback)
    }

    private var waited: String { "\(configuration.maxBlock.milliseconds) ms (max.block.ms)" }

    private func undrained(_ topic: Topic) -> KafkaError {
        KafkaError(
            .timeout,
            "records of topic '\(topic.name)' that an older version of the partitioner has placed were not acknowledged "
                + "within \(waited): the brokers do not keep up; swap with drain = \"none\" not to wait for them")
    }

    private var exhaustedMemory: KafkaError {
        KafkaError(
            .bufferExhausted,
            "buffer.memory=\(configuration.bufferMemory) stayed exhausted for \(waited): the brokers do not keep up")
    }

    /// Why a topic, or a partition of it, could not be found in time.
    package func missingMetadata(_ topic: Topic, _ partition: Int32?) -> KafkaError {
        let count = topic.layout.current.partitions.count
        let what = count == 0 ? "topic '\(topic.name)'" : "partition \(partition ?? 0) of topic '\(topic.name)'"
        let reason = (topic.lack ?? sender.networkError).map { ": \($0.message)" }
        let cause = reason ?? (count > 0 ? ": it has \(count)" : "")
        return KafkaError(.timeout, "\(what) not present in metadata after \(waited)\(cause)")
    }

    /// Gives up a send, for another reason than time.
    package func abandon(
        _ progress: inout Progress, because error: KafkaError, topic: Topic, partition: Int32?,
        callback: DeliveryCallback?
    ) -> DeliveryFuture {
        giveUp(&progress)
        return fail(
            error, topic: topic, partition: progress.partition ?? partition ?? -1, generation: progress.generation,
            callback: callback)
    }

    /// Notes that a wait is over, in vain or not.
    func endWait(_ progress: inout Progress) {
        progress.drainsSince = nil
        guard let start = progress.waitsSince.take() else { return }
        let now = sender.eventLoop.now
        if progress.reservation == nil {
            sensors.waitedForMetadata(since: start, at: now)
        } else {
            sensors.waitedForMemory(since: start, at: now)
        }
    }

    private func giveUp(_ progress: inout Progress) {
        unpin(&progress)
        giveBack(&progress)
    }

    private func giveBack(_ progress: inout Progress) {
        endWait(&progress)
        if let reservation = progress.reservation.take() { memory.cancel(reservation) }
    }

    func waitForMetadata(
        _ progress: inout Progress, topic: Topic, partition: Int32?
    ) throws(KafkaError) -> Attempt {
        // The latch before the second look: an answer in between is not missed.
        let latch = topic.nextAnswer
        if topic.layout.current.partitions.count > partition ?? 0 { return .mustWait(.opened) }
        if let fault = Topic.fault(ofName: topic.name) { throw fault }
        if progress.hasAskedForMetadata, let failure = topic.failure { throw failure }
        sender.wantMetadata(of: topic)
        progress.hasAskedForMetadata = true
        progress.waitsSince = sender.eventLoop.now
        return .mustWait(latch)
    }

    private func append(
        _ progress: inout Progress, _ record: RecordBytes, bound: Int, topic: Topic, layout: Topic.Layout,
        partition explicit: Int32?, headers: Headers, callback: DeliveryCallback?
    ) throws(KafkaError) -> Attempt {
        if progress.source == .none {
            if explicit == nil, let latch = pin(&progress, topic) { return .mustWait(latch) }
            try choose(&progress, record, explicit, topic, layout, headers)
        }
        var chunk = progress.reservation?.take()
        // An asynchronous send comes here at the end of its time too, with nothing granted.
        if chunk == nil { giveBack(&progress) }
        progress.reservation = nil
        while true {
            let partition = currentPartition(&progress, topic, layout)
            guard partition < layout.partitions.count else {
                if let chunk { memory.release(chunk) }
                // Somebody knows a layout with more partitions, and chose among them: look again.
                return .mustWait(.opened)
            }
            let rule =
                progress.source == .sticky
                ? StickyRule(batchSize: configuration.batchSize, partitions: layout.partitions) : nil
            let result = layout.withQueue(partition) { queue in
                queue.append(
                    record, generation: progress.generation, callback: callback, chunk: &chunk, sticky: rule,
                    now: sender.eventLoop.now)
            }
            switch result {
            case .appended(let future, let effects):
                if let chunk { memory.release(chunk) }
                if !effects.isEmpty { carryOut(effects, partition, layout) }
                return .sent(future)
            case .moved(let effects):
                carryOut(effects, partition, layout)
            case .needsChunk(let effects):
                carryOut(effects, partition, layout)
                if try tellOfNewBatch(&progress, record, topic, layout, headers) { continue }
                switch memory.allocate(max(configuration.batchSize, bound)) {
                case .chunk(let granted): chunk = granted
                case .mustWait(let reservation):
                    progress.reservation = reservation
                    progress.waitsSince = sender.eventLoop.now
                    sender.reclaimMemory()
                    return .mustWait(reservation.latch)
                }
            case .closed:
                if let chunk { memory.release(chunk) }
                throw Self.closedError
            }
        }
    }

    private func carryOut(_ effects: PartitionQueue.AppendEffects, _ partition: Int32, _ layout: Topic.Layout) {
        if effects.contains(.announce) { sender.announce(layout.queues[Int(partition)]) }
    }

    // MARK: - Failure

    static let closedError = KafkaError(.closed, "the producer is closed: make a new one")

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
        _ error: KafkaError, topic: Topic, partition: Int32, generation: Int = -1, callback: DeliveryCallback?
    ) -> DeliveryFuture {
        topic.refused(error)
        sensors.refused(at: sender.eventLoop.now)
        poisonTransaction(error)
        let result = BatchResult.failed(error, topic: topic.name, partition: partition, generation: generation)
        callback?(result.failedMetadata(0), error)
        return DeliveryFuture(batch: result, index: 0)
    }
}

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
        var reservation: MemoryBudget.Reservation?
        var hasAskedForMetadata = false
        /// Whether the partitioner was told of a new batch, as it is once a record at most.
        var hasToldOfNewBatch = false
        var waitsSince: NIODeadline?
        /// Since when records of older generations are waited for.
        var drainsSince: NIODeadline?

        package init(generation: Int = -1) { self.generation = generation }
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
}

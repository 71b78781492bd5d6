import DequeModule
import KafkaWire
import Logging
import NIOCore

extension Sender {
    /// Batches that travel in one request.
    private struct Request {
        var batches: [Batch] = []
        var size = 0
    }

    /// Sends a node what its partitions have, as far as requests in flight, throttling and the connection allow.
    func drain(_ node: Node, at now: NIODeadline) {
        let isFree =
            node.connection != nil && node.throttledUntil <= now && node.produceInFlight < rules.maxInFlight
        if isFree { node.availability.clear() } else if !node.line.isEmpty { node.availability.waits(at: now) }
        guard node.connection != nil else { return connect(node, at: now) }
        // The end of throttling comes back here.
        guard node.throttledUntil <= now, hasIdentity() else { return }
        while node.produceInFlight < rules.maxInFlight, case .ready(let connection) = node.link {
            let request = nextRequest(for: node, at: now)
            if request.batches.isEmpty { return }
            send(request, to: node, over: connection)
        }
    }

    /// Goes round the partitions in the node's line, one batch of each, up to `max.request.size`.
    private func nextRequest(for node: Node, at now: NIODeadline) -> Request {
        var request = Request()
        for _ in 0..<node.line.count {
            guard let queue = node.line.popFirst() else { break }
            guard queue.dispatch.leader == node.id else {
                queue.dispatch.isQueued = false
                review(queue, at: now)
                // The new leader may have had its turn already.
                wake()
                continue
            }
            let batch = nextBatch(of: queue, at: now) { size in
                request.batches.isEmpty || request.size + size <= configuration.maxRequestSize
            }
            switch batch {
            case .taken(let batch):
                request.batches.append(batch)
                request.size += batch.wireSize
            case .tooLarge:
                // Keeps its place: the next request begins with it.
                node.line.prepend(queue)
                return request
            case .none:
                break
            }
            // To the end of the line if there is more, or out of it.
            queue.dispatch.isQueued = false
            review(queue, at: now)
        }
        return request
    }

    private enum NextBatch {
        case taken(Batch)
        case tooLarge
        case none
    }

    private func nextBatch(of queue: PartitionQueue, at now: NIODeadline, fits: (Int) -> Bool) -> NextBatch {
        // A partition before this one may have used the last epoch up.
        if rules.isIdempotent, identity.current == nil { return .none }
        switch queue.dispatch.turn(at: now, rules: rules, current: identity.current) {
        case .retry:
            guard let first = queue.dispatch.retries.first, fits(first.wireSize) else { return .tooLarge }
            guard let batch = queue.dispatch.takeRetry(current: identity.current) else { return .none }
            return encode(batch)
        case .new:
            guard let size = queue.nextSize else { return .none }
            guard fits(size) else { return .tooLarge }
            guard let batch = queue.take(sealing: true) else { return .none }
            queue.dispatch.dispatch(new: batch, current: identity.current)
            return encode(batch)
        case .waiting, .blocked:
            return .none
        }
    }

    private func encode(_ batch: Batch) -> NextBatch {
        do {
            try encoder.encode(batch)
            return .taken(batch)
        } catch {
            batch.queue.dispatch.failed(batch)
            finish(batch, failing: error)
            return .none
        }
    }

    // MARK: - Request

    private func send(_ request: Request, to node: Node, over connection: any BrokerLink) {
        let version: Int16
        do throws(KafkaError) {
            version = try connection.versions.version(
                of: .produce, atMost: hasAllTopicIds(request) ? .max : 12, broker: node.address)
        } catch {
            for batch in request.batches { fail(batch, error) }
            return
        }
        let batches = request.batches
        for batch in batches { batch.writesUnderWay += 1 }
        node.produceInFlight += 1
        sensors.sent(batches, at: eventLoop.now)
        let (body, payloads) = body(of: request, version: version)
        connection.send(
            .produce, version: version, body: body, payloads: payloads,
            expectsAnswer: configuration.acks != .none, timeout: configuration.requestTimeout,
            written: { [self] in
                for batch in batches {
                    batch.writesUnderWay -= 1
                    releaseIfIdle(batch)
                }
            },
            completion: { [self] result in
                node.produceInFlight -= 1
                finish(request, result, version: version, node: node)
                // Not this node only: partitions may have moved to another.
                drainAll(at: eventLoop.now)
            })
    }

    private func hasAllTopicIds(_ request: Request) -> Bool {
        request.batches.allSatisfy { cluster.topics[$0.queue.topic.name].map { $0.id != .zero } ?? false }
    }

    /// The request with a gap for each batch, and what fills the gaps, in the same order.
    private func body(of request: Request, version: Int16) -> (WireWriter, [ByteBuffer]) {
        var topics: [ProduceRequest.TopicProduceData] = []
        var places: [ObjectIdentifier: Int] = [:]
        var payloads: [[ByteBuffer]] = []
        for batch in request.batches {
            let topic = batch.queue.topic
            let place = places[ObjectIdentifier(topic)] ?? topics.count
            if place == topics.count {
                places[ObjectIdentifier(topic)] = place
                topics.append(
                    .init {
                        $0.name = topic.name
                        $0.topicId = cluster.topics[topic.name]?.id ?? .zero
                    })
                payloads.append([])
            }
            guard let wire = batch.wire else { continue }
            topics[place].partitionData.append(
                .init {
                    $0.index = batch.queue.partition
                    $0.records = RecordsReference(count: wire.count)
                })
            payloads[place].append(wire.chunk.prefix(wire.count))
        }
        let message = ProduceRequest {
            $0.acks = configuration.acks.rawValue
            $0.timeoutMs = Int32(clamping: configuration.requestTimeout.milliseconds)
            $0.topicData = topics
        }
        // Cannot fail: names of topics are checked when they are first used.
        let writer = (try? message.encode(version: version)) ?? WireWriter()
        return (writer, payloads.flatMap { $0 })
    }

    // MARK: - Answer

    private func finish(_ request: Request, _ result: Result<ByteBuffer, KafkaError>, version: Int16, node: Node) {
        switch result {
        case .success where configuration.acks == .none:
            for batch in request.batches { store(batch, baseOffset: -1, logAppendTime: nil) }
        case .success(let bytes):
            do throws(WireError) {
                let response = try ProduceResponse.decode(answer: bytes, version: version)
                settle(request, response, node: node)
            } catch {
                let failure = KafkaError(.malformed, "broker \(node.address), answer to a produce request: \(error)")
                node.connection?.close(failure)
                for batch in request.batches { retry(batch, from: node, because: failure) }
            }
        case .failure(let error):
            for batch in request.batches {
                if configuration.acks == .none { fail(batch, error) } else { retry(batch, from: node, because: error) }
            }
        }
    }

    private func settle(_ request: Request, _ response: ProduceResponse, node: Node) {
        learnLeaders(from: response)
        sensors.throttled(milliseconds: response.throttleTimeMs, at: eventLoop.now)
        if response.throttleTimeMs > 0 {
            node.throttledUntil = eventLoop.now + .milliseconds(Int64(response.throttleTimeMs))
            eventLoop.assumeIsolated().scheduleTask(deadline: node.throttledUntil) { [self] in
                refreshMetadataIfDue()
                drainAll(at: eventLoop.now)
            }
        }
        var answers: [PartitionKey: ProduceResponse.PartitionProduceResponse] = [:]
        for topic in response.responses {
            let name = topic.topicId == .zero ? topic.name : topicName(topic.topicId)
            for partition in topic.partitionResponses {
                answers[PartitionKey(topic: name, partition: partition.index)] = partition
            }
        }
        for batch in request.batches {
            let key = PartitionKey(topic: batch.queue.topic.name, partition: batch.queue.partition)
            if let answer = answers[key] {
                settle(batch, answer, from: node)
            } else {
                let error = KafkaError(.malformed, "broker \(node.address) left \(key) out of its answer")
                retry(batch, from: node, because: error)
            }
        }
    }

    private func topicName(_ id: KafkaUUID) -> String {
        cluster.topics.values.first { $0.id == id }?.name ?? ""
    }

    private func settle(_ batch: Batch, _ answer: ProduceResponse.PartitionProduceResponse, from node: Node) {
        // It expired while it was under way: what comes of it now says nothing about the batches of today.
        if batch.isComplete { return }
        let dispatch = batch.queue.dispatch
        let verdict = ProduceVerdict.of(
            answer.errorCode, isIdempotent: rules.isIdempotent, isFirst: dispatch.isFirst(batch),
            recordCount: batch.recordCount)
        switch verdict {
        case .stored:
            let isDuplicate = answer.errorCode == .duplicateSequenceNumber
            store(
                batch, baseOffset: isDuplicate ? -1 : answer.baseOffset,
                logAppendTime: answer.logAppendTimeMs >= 0 ? answer.logAppendTimeMs : nil)
        case .retry, .renumber:
            if answer.errorCode.invalidatesMetadata { metadata.want() }
            if verdict == .renumber { batch.queue.dispatch.requireRenumbering() }
            retry(batch, from: node, because: KafkaError(answer.errorCode, "\(batch.queue.name)"))
        case .split:
            split(batch, because: answer)
        case .fail:
            fail(batch, answer)
        }
    }

    private func store(_ batch: Batch, baseOffset: Int64, logAppendTime: Int64?) {
        batch.queue.dispatch.stored(batch)
        finish(batch) { $0.succeed(baseOffset: baseOffset, logAppendTime: logAppendTime) }
        review(batch.queue, at: eventLoop.now)
    }

    /// Lets the records be sent again in smaller batches.
    private func split(_ batch: Batch, because answer: ProduceResponse.PartitionProduceResponse) {
        if isClosing { return fail(batch, answer) }
        let pieces = batch.split(limit: min(configuration.batchSize, batch.size / 2))
        logger.info("\(batch.queue.name): \(batch.size) bytes are too many, sending \(pieces.count) batches instead")
        batch.queue.dispatch.split(batch, into: pieces, keepingOrder: rules.keepsOrder)
        sensors.split(at: eventLoop.now)
        review(batch.queue, at: eventLoop.now)
    }

    /// Lets a batch be sent again, unless its retries are used up.
    private func retry(_ batch: Batch, from node: Node, because error: KafkaError) {
        if batch.isComplete { return }
        guard batch.attempts <= configuration.retries, !isClosing else { return fail(batch, error) }
        logger.debug("\(batch.queue.name): repeating \(batch.recordCount) records: \(error)")
        let backoff = ExponentialBackoff(
            initial: configuration.retryBackoff, maximum: configuration.retryBackoffMax)
        let pause = backoff.pause(failures: batch.queue.dispatch.failureCount, using: &generator)
        // A leader that the broker has named since need not be spared (KIP-951).
        let hasMoved = batch.queue.dispatch.leader != node.id
        batch.queue.dispatch.retry(
            batch, at: hasMoved ? eventLoop.now : eventLoop.now + pause, keepingOrder: rules.keepsOrder)
        sensors.retried(batch, at: eventLoop.now)
        if error.kind != .broker || error.code.invalidatesMetadata {
            metadata.want()
            refreshMetadataIfDue()
        }
        review(batch.queue, at: eventLoop.now)
    }

    private func fail(_ batch: Batch, _ answer: ProduceResponse.PartitionProduceResponse) {
        let detail = answer.errorMessage.map { "\(batch.queue.name): \($0)" } ?? batch.queue.name
        let error = KafkaError(answer.errorCode, detail)
        guard !answer.recordErrors.isEmpty else { return fail(batch, error) }
        // KIP-467: the records that are named are to blame; the others went down with them.
        var exceptions: [Int32: KafkaError] = [:]
        for record in answer.recordErrors {
            exceptions[record.batchIndex] = KafkaError(
                answer.errorCode, record.batchIndexErrorMessage.map { "\(batch.queue.name): \($0)" } ?? detail)
        }
        let bystander = KafkaError(
            answer.errorCode, "\(batch.queue.name): the batch was refused because of other records in it")
        fail(batch, bystander, exceptions: exceptions)
    }

    func fail(_ batch: Batch, _ error: KafkaError, exceptions: [Int32: KafkaError] = [:]) {
        batch.queue.dispatch.failed(batch)
        finish(batch, failing: error, exceptions: exceptions)
        review(batch.queue, at: eventLoop.now)
    }
}

/// A topic's name and a partition of it.
struct PartitionKey: Hashable, CustomStringConvertible {
    var topic: String
    var partition: Int32

    var description: String { "\(topic)-\(partition)" }
}

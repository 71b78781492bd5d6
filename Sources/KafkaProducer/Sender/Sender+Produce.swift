import DequeModule
import KafkaWire
import Logging
import NIOCore

extension Sender {
    /// Batches that travel in one request.
    struct Request {
        var batches: [Batch] = []
        var size = 0
        /// The id under which each batch's topic goes, which the answer has even if the topic is made again meanwhile;
        /// empty if topics go by their names.
        var topicIds: [KafkaUUID] = []
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
            send(request, to: node, over: connection, at: now)
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

    private func send(_ request: Request, to node: Node, over connection: any BrokerLink, at now: NIODeadline) {
        var request = request
        let topicIds = topicIds(of: request)
        let version: Int16
        do throws(KafkaError) {
            version = try produceVersion(hasTopicIds: topicIds != nil, for: node, over: connection)
        } catch {
            for batch in request.batches { fail(batch, error) }
            return
        }
        if version >= 13, let topicIds { request.topicIds = topicIds }
        let batches = request.batches
        for batch in batches { batch.writesUnderWay += 1 }
        node.produceInFlight += 1
        sensors.sent(batches, at: now)
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
            completion: { [self, request] result in
                node.produceInFlight -= 1
                finish(request, result, version: version, node: node)
                // Not this node only: partitions may have moved to another.
                drainAll(at: eventLoop.now)
            })
    }

    private func produceVersion(
        hasTopicIds: Bool, for node: Node, over connection: any BrokerLink
    ) throws(KafkaError) -> Int16 {
        let limits = transaction?.state.version.produceVersions ?? 0...Int16.max
        let highest = min(limits.upperBound, hasTopicIds ? .max : 12)
        let version = try connection.versions.version(of: .produce, atMost: highest, broker: node.address)
        guard limits.contains(version) else {
            throw KafkaError(
                .unsupportedVersion,
                "broker \(node.address) speaks no Produce from \(limits.lowerBound) on, which the transaction needs")
        }
        return version
    }

    /// The id of each batch's topic; nil unless all of them have one.
    private func topicIds(of request: Request) -> [KafkaUUID]? {
        var ids: [KafkaUUID] = []
        ids.reserveCapacity(request.batches.count)
        var latest: (topic: Topic, id: KafkaUUID)?
        for batch in request.batches {
            let topic = batch.queue.topic
            if latest?.topic !== topic {
                guard let id = cluster.topics[topic.name]?.id, id != .zero else { return nil }
                latest = (topic, id)
            }
            if let latest { ids.append(latest.id) }
        }
        return ids
    }

    /// The request with a gap for each batch, and what fills the gaps, in the same order.
    private func body(of request: Request, version: Int16) -> (WireWriter, [ByteBuffer]) {
        var topics: [ProduceRequest.TopicProduceData] = []
        var payloads: [[ByteBuffer]] = []
        // Batches of one topic come one after the other most often.
        var latest: (topic: Topic, place: Int)?
        var places: [ObjectIdentifier: Int] = [:]
        for (index, batch) in request.batches.enumerated() {
            guard let wire = batch.wire else { continue }
            let topic = batch.queue.topic
            if latest?.topic !== topic {
                if let latest { places[ObjectIdentifier(latest.topic)] = latest.place }
                latest = (topic, places[ObjectIdentifier(topic)] ?? topics.count)
            }
            guard let place = latest?.place else { continue }
            if place == topics.count {
                topics.append(
                    .init {
                        $0.name = topic.name
                        $0.topicId = request.topicIds.isEmpty ? .zero : request.topicIds[index]
                    })
                payloads.append([])
            }
            topics[place].partitionData.append(
                .init {
                    $0.index = batch.queue.partition
                    $0.records = RecordsReference(count: wire.count)
                })
            payloads[place].append(wire.chunk.prefix(wire.count))
        }
        let message = ProduceRequest {
            $0.transactionalId = configuration.transactionalId
            $0.acks = configuration.acks.rawValue
            $0.timeoutMs = requestTimeoutMs
            $0.topicData = topics
        }
        // Cannot fail: names of topics are checked when they are first used.
        let writer = (try? message.encode(version: version)) ?? WireWriter()
        return (writer, payloads.count == 1 ? payloads[0] : payloads.flatMap { $0 })
    }
}

import KafkaWire
import NIOCore

/// A fetch request under way: tried once, and again whenever a partition that it reads has grown.
struct PendingFetch: Sendable {
    private let handler: RequestHandler
    private let request: IncomingRequest
    private let body: FetchRequest
    /// How long to wait for `minBytes`.
    let maxWait: TimeAmount
    /// The partitions to wait for.
    let partitions: [Partition]

    /// The most bytes in one response, whatever the client allows (`fetch.max.bytes`).
    private static let maxBytes = 57_671_680

    init(_ request: IncomingRequest, _ handler: RequestHandler) throws(ConnectionFault) {
        let body = try request.decode(FetchRequest.self)
        self.handler = handler
        self.request = request
        self.body = body
        maxWait = .milliseconds(Int64(max(body.maxWaitMs, 0)))
        partitions = body.topics.flatMap { wanted in
            let topic = try? handler.topic(named: wanted.topic, id: wanted.topicId, byName: request.version <= 12)
            return wanted.partitions.compactMap { topic?[partition: $0.partition] }
        }
    }

    /// Reads what is there.
    /// - Parameter isFinal: Whether the time for waiting is over.
    /// - Returns: Nil if it is worth waiting for more.
    func attempt(isFinal: Bool) throws(ConnectionFault) -> Response? {
        var response = FetchResponse()
        guard body.sessionId == 0 else {
            // Sessions (KIP-227) are never granted, so that none can be known.
            response.errorCode = .fetchSessionIdNotFound
            return try handler.encode(response, to: request)
        }
        var reading = Reading(remaining: min(max(Int(body.maxBytes), 0), Self.maxBytes))
        response.responses = body.topics.map { topic in
            FetchResponse.FetchableTopicResponse {
                $0.topic = topic.topic
                $0.topicId = topic.topicId
                $0.partitions = topic.partitions.map { read($0, of: topic, &reading) }
            }
        }
        let isSatisfied =
            reading.count >= max(Int(body.minBytes), 0) || reading.hasFailed || partitions.isEmpty
            || body.maxWaitMs <= 0
        guard isSatisfied || isFinal else { return nil }
        response.nodeEndpoints = handler.endpoints(of: reading.leaders)
        return try handler.encode(response, to: request, records: reading.records)
    }

    /// What has been read so far.
    private struct Reading {
        var remaining: Int
        var count = 0
        var hasFailed = false
        var leaders: Set<Int32> = []
        var records: [[ByteBuffer]] = []
    }

    private func read(
        _ wanted: FetchRequest.FetchPartition, of topic: FetchRequest.FetchTopic, _ reading: inout Reading
    ) -> FetchResponse.PartitionData {
        var data = FetchResponse.PartitionData { $0.partitionIndex = wanted.partition }
        var batches: [ByteBuffer] = []
        do throws(Refusal) {
            let topic = try handler.topic(named: topic.topic, id: topic.topicId, byName: request.version <= 12)
            guard let partition = topic[partition: wanted.partition] else {
                throw Refusal(.unknownTopicOrPartition, "topic '\(topic.name)' has no such partition")
            }
            batches = try read(wanted, from: partition, into: &data, &reading)
        } catch {
            reading.hasFailed = true
            data.errorCode = error.code
            data.highWatermark = -1
        }
        let count = batches.reduce(0) { $0 + $1.readableBytes }
        data.records = RecordsReference(count: count)
        reading.records.append(batches)
        reading.count += count
        reading.remaining -= count
        return data
    }

    private func read(
        _ wanted: FetchRequest.FetchPartition, from partition: Partition, into data: inout FetchResponse.PartitionData,
        _ reading: inout Reading
    ) throws(Refusal) -> [ByteBuffer] {
        let leadership = partition.leadership
        do throws(Refusal) {
            try handler.checkLeadership(leadership, epoch: wanted.currentLeaderEpoch)
        } catch {
            reading.leaders.insert(leadership.node)
            data.currentLeader.leaderId = leadership.node
            data.currentLeader.leaderEpoch = leadership.epoch
            throw error
        }
        let result = try partition.read(
            from: wanted.fetchOffset, maxBytes: min(Int(wanted.partitionMaxBytes), reading.remaining),
            atLeastOne: reading.count == 0, isolation: IsolationLevel(request: body.isolationLevel))
        data.highWatermark = result.offsets.end
        data.lastStableOffset = result.offsets.lastStable
        data.logStartOffset = result.offsets.start
        data.abortedTransactions = result.aborted.map { aborted in
            FetchResponse.AbortedTransaction {
                $0.producerId = aborted.producerId
                $0.firstOffset = aborted.firstOffset
            }
        }
        return result.batches
    }
}

extension RequestHandler {
    /// Reads batches, or waits for them.
    func fetch(_ request: IncomingRequest) throws(ConnectionFault) -> Reply {
        let fetch = try PendingFetch(request, self)
        if let response = try fetch.attempt(isFinal: false) { return .response(response) }
        return .later(fetch)
    }
}

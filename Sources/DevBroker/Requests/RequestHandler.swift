import KafkaWire
import NIOCore
import Synchronization

/// Answers the requests that come to one node: requests in, responses out, no socket.
struct RequestHandler: Sendable {
    /// What follows from a request.
    enum Reply {
        case response(Response)
        /// The answer, behind which the connection is closed.
        case last(Response)
        /// A produce request with `acks=0`, or a fault.
        case nothing
        /// A fault: nothing more is said.
        case close
        /// A fault: the answer, to be given after a while.
        case delayed(Response, TimeAmount)
        /// A fetch that waits for records.
        case later(PendingFetch)
    }

    /// The requests that are answered, in all versions that KafkaWire knows.
    static let supported: Set<APIKey> = [
        .produce, .fetch, .listOffsets, .metadata, .offsetCommit, .offsetFetch, .findCoordinator, .saslHandshake,
        .apiVersions, .createTopics, .initProducerId, .addPartitionsToTxn, .addOffsetsToTxn, .endTxn,
        .txnOffsetCommit, .saslAuthenticate,
    ]

    let coordinator: TransactionCoordinator
    /// The node's id.
    let node: Int32

    var cluster: Cluster { coordinator.cluster }

    var configuration: DevBrokerConfiguration { cluster.configuration }

    /// Answers a frame, if its client may send it.
    /// - Parameter frame: A request without the size that precedes it.
    /// - Throws: `ConnectionFault` if nothing can be answered, so that the connection has to be closed.
    func handle(_ frame: ByteBuffer, from client: inout Authentication) throws(ConnectionFault) -> Reply {
        let now = WallClock.milliseconds
        if client.expectsBareToken { return try evaluate(bareToken: frame, from: &client, at: now) }
        let request = try IncomingRequest(frame)
        let verdict = client.admit(request.api, at: now)
        if case .close(let reason) = verdict { throw ConnectionFault(reason) }
        let fault = nextFault(.connection, of: request.api)
        if fault == .closeBefore { return .close }
        let reply =
            try verdict == .own
            ? logIn(request, from: &client, at: now) : reply(to: request, from: &client)
        switch (fault, reply) {
        case (.closeAfter, _): return .close
        case (.dropAnswer, _): return .nothing
        case (.delayAnswer(let time), .response(let response)): return .delayed(response, TimeAmount(time))
        default: return reply
        }
    }

    /// What is to go wrong with something.
    func nextFault(
        _ scope: Fault.Scope, of api: APIKey, topic: String? = nil, partition: Int32? = nil, version: Int16 = 0
    ) -> Fault? {
        let place = FaultPlan.Place(api: api, topic: topic, partition: partition, version: version)
        return cluster.faults.withLock { $0.next(scope, at: place) }
    }

    /// Refuses something if that is to go wrong.
    func refuseOnDemand(_ api: APIKey, topic: String? = nil) throws(Refusal) {
        guard case .error(let code) = nextFault(.part, of: api, topic: topic) else { return }
        throw Refusal(code, Refusal.onDemand)
    }

    private func reply(
        to request: IncomingRequest, from client: inout Authentication
    ) throws(ConnectionFault) -> Reply {
        if request.api == .apiVersions {
            let (response, code) = try apiVersions(request)
            if code == .none { client.toldVersions() }
            return .response(response)
        }
        try request.checkVersion()
        switch request.api {
        case .produce: return try produce(request)
        case .fetch: return try fetch(request)
        case .listOffsets: return try answer(request, listOffsets)
        case .metadata: return try answer(request, metadata)
        case .findCoordinator: return try answer(request, findCoordinator)
        case .createTopics: return try answer(request, createTopics)
        case .initProducerId: return try answer(request, initProducerId)
        case .addPartitionsToTxn: return try answer(request, addPartitionsToTxn)
        case .addOffsetsToTxn: return try answer(request, addOffsetsToTxn)
        case .endTxn: return try answer(request, endTxn)
        case .txnOffsetCommit: return try answer(request, txnOffsetCommit)
        case .offsetCommit: return try answer(request, offsetCommit)
        case .offsetFetch: return try answer(request, offsetFetch)
        default: throw ConnectionFault("\(request.api) is not spoken here")
        }
    }

    private func answer<Body: Request>(
        _ request: IncomingRequest, _ answer: (Body, Int16) -> Body.Response
    ) throws(ConnectionFault) -> Reply {
        .response(try encode(answer(try request.decode(Body.self), request.version), to: request))
    }

    /// A response in bytes.
    func encode(
        _ message: some Message, to request: IncomingRequest, records: [[ByteBuffer]] = []
    ) throws(ConnectionFault) -> Response {
        do {
            return try Response(message, to: request, records: records)
        } catch {
            throw ConnectionFault("the answer to \(request.api) cannot be written: \(error)")
        }
    }

    /// Whether this node leads the partition, and the client knows its leader's epoch.
    /// - Parameter epoch: The epoch that the client has, or −1.
    func checkLeadership(_ leadership: Partition.Leadership, epoch: Int32 = -1) throws(Refusal) {
        guard leadership.node == node else {
            throw Refusal(.notLeaderOrFollower, "node \(leadership.node) is the leader, not node \(node)")
        }
        guard epoch >= 0, epoch != leadership.epoch else { return }
        throw epoch < leadership.epoch
            ? Refusal(.fencedLeaderEpoch, "the leader's epoch is \(leadership.epoch), not \(epoch) any more")
            : Refusal(.unknownLeaderEpoch, "the leader's epoch is \(leadership.epoch), not \(epoch) yet")
    }

    /// The topic that a request names, up to a version, and gives by its id after that.
    func topic(named name: String, id: KafkaUUID, byName: Bool) throws(Refusal) -> Topic {
        if byName {
            guard let topic = cluster.topic(named: name) else {
                throw Refusal(.unknownTopicOrPartition, "there is no topic '\(name)'")
            }
            return topic
        }
        guard let topic = cluster.topic(id: id) else {
            throw Refusal(.unknownTopicId, "there is no topic with the id \(id)")
        }
        return topic
    }

    /// Where to reach the nodes that lead partitions of which this node is not the leader (KIP-951).
    func endpoints(of nodes: Set<Int32>) -> [NodeEndpoint] {
        cluster.nodes.filter { nodes.contains($0.nodeId) }.map { address in
            NodeEndpoint {
                $0.nodeId = address.nodeId
                $0.host = address.host
                $0.port = Int32(address.port)
            }
        }
    }
}

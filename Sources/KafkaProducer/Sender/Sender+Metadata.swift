import DequeModule
import KafkaWire
import Logging
import NIOCore
import OrderedCollections

extension Sender {
    /// Asks for metadata if it is wanted or too old, or sees to it that this is looked at again in time.
    func refreshMetadataIfDue() {
        let now = eventLoop.now
        guard !isClosing, let instant = metadata.nextQuestion(at: now) else { return }
        metadataTimer?.cancel()
        metadataTimer = nil
        if instant > now {
            metadataTimer = eventLoop.assumeIsolated().scheduleTask(deadline: instant) { self.refreshMetadataIfDue() }
        } else if let node = leastLoadedNode(at: now), let connection = node.connection {
            ask(node, connection)
        }
        // Otherwise a connection is on its way, or a pause before the next attempt: both come back here.
    }

    private func ask(_ node: Node, _ connection: any BrokerLink) {
        let version: Int16
        do throws(KafkaError) {
            version = try connection.versions.version(of: .metadata, broker: node.address)
        } catch {
            return connection.close(error)
        }
        let request = MetadataRequest {
            $0.topics = topics.all.map { topic in .init { $0.name = topic.name } }
        }
        metadata.asked()
        connection.call(request, version: version, timeout: configuration.requestTimeout) { [self] result in
            switch result {
            case .success(let response) where response.errorCode == .none: learn(response)
            case .success(let response): failMetadata(KafkaError(response.errorCode, "metadata"))
            case .failure(let error): failMetadata(error)
            }
        }
    }

    private func failMetadata(_ error: KafkaError) {
        logger.debug("metadata: \(error)")
        noteNetworkError(error)
        metadata.failed(at: eventLoop.now, using: &generator)
        refreshMetadataIfDue()
    }

    private func learn(_ response: MetadataResponse) {
        sensors.updatedMetadata(at: eventLoop.now)
        cluster.clusterId = response.clusterId
        cluster.nodes = Dictionary(
            response.brokers.map { ($0.nodeId, BrokerAddress(host: $0.host, port: Int($0.port))) },
            uniquingKeysWith: { _, last in last })
        reconcileNodes()
        var isComplete = true
        for topic in response.topics where !learn(topic) { isComplete = false }
        metadata.answered(at: eventLoop.now, isComplete: isComplete, using: &generator)
        refreshMetadataIfDue()
        reviewAll()
    }

    /// Takes over the cluster's nodes; those of `bootstrap.servers` serve until there are any.
    private func reconcileNodes() {
        guard !cluster.nodes.isEmpty else { return }
        for (id, address) in cluster.nodes.sorted(by: { $0.key < $1.key }) {
            if let node = nodes[id], node.address == address { continue }
            replaceNode(id, address)
        }
        for (id, node) in nodes where id >= 0 && cluster.nodes[id] == nil { remove(node) }
    }

    private func replaceNode(_ id: Int32, _ address: BrokerAddress) {
        if let former = nodes[id] { remove(former) }
        nodes[id] = Node(id: id, address: address)
    }

    private func remove(_ node: Node) {
        nodes[node.id] = nil
        for queue in node.line { queue.dispatch.isQueued = false }
        node.line = []
        node.connection?.close(KafkaError(.networkException, "node \(node.id) has left \(node.address)"))
    }

    /// Takes over one topic; returns whether all of it is known.
    private func learn(_ topic: MetadataResponse.Topic) -> Bool {
        guard let name = topic.name else { return true }
        guard topic.errorCode == .none else {
            if topic.errorCode.isRetriable { return false }
            topics.named(name).fail(KafkaError(topic.errorCode, "topic '\(name)'"))
            return true
        }
        let former = cluster.topics[name]
        var partitions = topic.partitions.map {
            ClusterMetadata.Partition(id: $0.partitionIndex, leader: $0.leaderId, leaderEpoch: $0.leaderEpoch)
        }.sorted { $0.id < $1.id }
        // Partitions count from 0 without gaps: of an answer that says otherwise nothing can be used.
        guard partitions.map(\.id) == Array(0..<Int32(clamping: partitions.count)) else { return false }
        // A broker that lags behind may name a leader of the past.
        if let former, former.id == topic.topicId {
            for (index, old) in former.partitions.enumerated()
            where index < partitions.count && partitions[index].leaderEpoch < old.leaderEpoch {
                partitions[index] = old
            }
        }
        let known = ClusterMetadata.Topic(name: name, id: topic.topicId, partitions: partitions)
        cluster.topics[name] = known
        let target = topics.named(name)
        target.update(known)
        for (queue, partition) in zip(target.layout.current.queues, partitions) { lead(queue, partition) }
        publishLoad(of: target, at: eventLoop.now)
        return partitions.allSatisfy { $0.leader >= 0 }
    }

    private func lead(_ queue: PartitionQueue, _ partition: ClusterMetadata.Partition) {
        queue.dispatch.leaderEpoch = partition.leaderEpoch
        guard queue.dispatch.leader != partition.leader else { return }
        nodes[queue.dispatch.leader]?.line.removeAll { $0 === queue }
        queue.dispatch.isQueued = false
        queue.dispatch.leader = partition.leader
        queue.dispatch.skipBackoff()
        if queue.dispatch.isActive { review(queue, at: eventLoop.now) }
    }

    /// Uses the leaders that a produce response names, without asking for metadata (KIP-951).
    func learnLeaders(from response: ProduceResponse) {
        for endpoint in response.nodeEndpoints where nodes[endpoint.nodeId] == nil {
            let address = BrokerAddress(host: endpoint.host, port: Int(endpoint.port))
            cluster.nodes[endpoint.nodeId] = address
            replaceNode(endpoint.nodeId, address)
        }
        for topic in response.responses {
            for answer in topic.partitionResponses where answer.currentLeader.leaderId >= 0 {
                let name =
                    topic.topicId == .zero ? topic.name : cluster.topics.values.first { $0.id == topic.topicId }?.name
                guard let name, nodes[answer.currentLeader.leaderId] != nil,
                    var known = cluster.topics[name], known.partitions.indices.contains(Int(answer.index)),
                    known.partitions[Int(answer.index)].leaderEpoch < answer.currentLeader.leaderEpoch
                else { continue }
                known.partitions[Int(answer.index)].leader = answer.currentLeader.leaderId
                known.partitions[Int(answer.index)].leaderEpoch = answer.currentLeader.leaderEpoch
                cluster.topics[name] = known
                let queues = topics.named(name).layout.current.queues
                guard queues.indices.contains(Int(answer.index)) else { continue }
                lead(queues[Int(answer.index)], known.partitions[Int(answer.index)])
            }
        }
    }
}

import KafkaWire
import OrderedCollections

extension ClusterMetadata {
    /// What an answer told of the topics that were asked for.
    struct Lesson: Equatable {
        /// Those whose partitions are known now, even if some have no leader.
        var learned: [String] = []
        /// Those that this producer cannot have, and why.
        var refused: [String: ErrorCode] = [:]
        /// Those of which the answer said nothing that could be used, and why, if it did say.
        var missing: [String: ErrorCode] = [:]
        /// Whether every partition of every topic has a leader, and every topic has been told of.
        var isComplete = true
        /// Whether anything is different from what was known before.
        var isNews = false
    }

    /// More of either is not a cluster, but an attack on the memory.
    private static let maximumNodes = 100_000
    private static let maximumPartitions = 200_000

    /// From this version on the epochs of leaders can be relied on (KAFKA-9212; Java's `hasReliableLeaderEpochs`).
    private static let reliableEpochs: Int16 = 9

    /// Takes an answer over.
    /// - Parameter asked: the topics that were asked for; others are passed over.
    /// - Throws: `KafkaError` if the answer names no broker, as one that is just starting does, or is not to be believed.
    mutating func learn(
        from response: MetadataResponse, version: Int16, asked: [String]
    ) throws(KafkaError) -> Lesson {
        if response.errorCode != .none { throw KafkaError(response.errorCode, "metadata") }
        guard response.brokers.count <= Self.maximumNodes else {
            throw KafkaError(.malformed, "metadata of \(response.brokers.count) brokers")
        }
        let known = response.brokers.compactMap { broker in
            BrokerAddress(nodeId: broker.nodeId, host: broker.host, port: broker.port).map { (broker.nodeId, $0) }
        }
        guard !known.isEmpty else {
            throw KafkaError(ErrorCode.brokerNotAvailable, "metadata without a broker that could be reached")
        }
        clusterId = response.clusterId
        nodes = OrderedDictionary(known, uniquingKeysWith: { _, last in last })
        nodes.sort { $0.key < $1.key }
        var lesson = Lesson()
        var rest = Set(asked)
        for topic in response.topics {
            // Once each: of a topic that is there twice, the first counts.
            guard let name = topic.name, rest.remove(name) != nil else { continue }
            learn(topic, named: name, hasReliableEpochs: version >= Self.reliableEpochs, &lesson)
        }
        for name in asked where rest.contains(name) { lesson.miss(name, .unknownTopicOrPartition) }
        return lesson
    }

    private mutating func learn(
        _ topic: MetadataResponse.Topic, named name: String, hasReliableEpochs: Bool, _ lesson: inout Lesson
    ) {
        switch topic.errorCode {
        case .none: break
        case .invalidTopicException, .topicAuthorizationFailed:
            lesson.refused[name] = topic.errorCode
            return
        default: return lesson.miss(name, topic.errorCode)
        }
        var partitions = topic.partitions.map { partition in
            Partition(
                id: partition.partitionIndex, leader: nodes[partition.leaderId] == nil ? -1 : partition.leaderId,
                leaderEpoch: hasReliableEpochs ? max(partition.leaderEpoch, -1) : -1)
        }.sorted { $0.id < $1.id }
        // Partitions count from 0 without gaps: of an answer that says otherwise nothing can be used.
        guard partitions.count <= Self.maximumPartitions,
            partitions.lazy.map(\.id).elementsEqual(0..<Int32(partitions.count))
        else { return lesson.miss(name, .unknownServerError) }
        let former = topics[name]
        if let former, former.id == topic.topicId { Self.keepNewer(former.partitions, in: &partitions) }
        let known = Topic(name: name, id: topic.topicId, partitions: partitions)
        if known != former {
            lesson.isNews = true
            learn(known)
        }
        lesson.learned.append(name)
        if partitions.isEmpty || partitions.contains(where: { nodes[$0.leader] == nil }) { lesson.isComplete = false }
    }

    /// A broker that lags behind may name a leader of the past, and fewer partitions: of the same topic, there are never
    /// fewer than there were.
    private static func keepNewer(_ former: [Partition], in partitions: inout [Partition]) {
        for (index, old) in former.enumerated() {
            if index >= partitions.count {
                partitions.append(old)
            } else if partitions[index].leaderEpoch >= 0, partitions[index].leaderEpoch < old.leaderEpoch {
                partitions[index] = old
            }
        }
    }

    /// Takes over the leaders that a produce response names where the one that was asked is none any more (KIP-951);
    /// returns the partitions whose leader that is news of.
    mutating func learnLeaders(from response: ProduceResponse) -> [PartitionKey] {
        var learned: [PartitionKey] = []
        for topic in response.responses {
            for answer in topic.partitionResponses where answer.namesLeader {
                let (leader, index) = (answer.currentLeader, Int(answer.index))
                let name = topic.topicId == .zero ? topic.name : topicName(topic.topicId)
                guard let name, var known = topics[name], known.partitions.indices.contains(index),
                    known.partitions[index].leaderEpoch < leader.leaderEpoch,
                    let address = response.address(of: leader.leaderId) ?? nodes[leader.leaderId]
                else { continue }
                nodes[leader.leaderId] = address
                nodes.sort { $0.key < $1.key }
                known.partitions[index].leader = leader.leaderId
                known.partitions[index].leaderEpoch = leader.leaderEpoch
                learn(known)
                learned.append(PartitionKey(topic: name, partition: answer.index))
            }
        }
        return learned
    }
}

extension ProduceResponse.PartitionProduceResponse {
    fileprivate var namesLeader: Bool {
        (errorCode == .notLeaderOrFollower || errorCode == .fencedLeaderEpoch) && currentLeader.leaderId >= 0
    }
}

extension ClusterMetadata.Lesson {
    fileprivate mutating func miss(_ name: String, _ code: ErrorCode) {
        missing[name] = code
        isComplete = false
    }
}

extension ProduceResponse {
    /// Where to reach a node, if the response says so.
    fileprivate func address(of node: Int32) -> BrokerAddress? {
        nodeEndpoints.last { $0.nodeId == node }.flatMap {
            BrokerAddress(nodeId: $0.nodeId, host: $0.host, port: $0.port)
        }
    }
}

extension BrokerAddress {
    /// A node as a broker names it; nil if that cannot be.
    init?(nodeId: Int32, host: String, port: Int32) {
        // No name is longer (RFC 1035); what is below 0x21 would end it early, or forge a line of the log.
        guard nodeId >= 0, (1...255).contains(host.utf8.count), host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
            (1...65535).contains(port)
        else { return nil }
        self.init(host: host, port: Int(port))
    }
}

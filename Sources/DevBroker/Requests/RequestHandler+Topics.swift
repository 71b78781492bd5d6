import KafkaWire

extension RequestHandler {
    /// Creates topics, each for itself.
    func createTopics(_ request: CreateTopicsRequest, version: Int16) -> CreateTopicsResponse {
        let timesNamed = Dictionary(request.topics.map { ($0.name, 1) }, uniquingKeysWith: +)
        return CreateTopicsResponse {
            $0.topics = request.topics.map { wanted in
                do throws(Refusal) {
                    if timesNamed[wanted.name, default: 0] > 1 {
                        throw Refusal(.invalidRequest, "topic '\(wanted.name)' is named more than once")
                    }
                    return try create(wanted, validateOnly: request.validateOnly)
                } catch {
                    return CreateTopicsResponse.CreatableTopicResult {
                        $0.name = wanted.name
                        $0.errorCode = error.code
                        $0.errorMessage = error.message
                    }
                }
            }
        }
    }

    private func create(
        _ wanted: CreateTopicsRequest.CreatableTopic, validateOnly: Bool
    ) throws(Refusal) -> CreateTopicsResponse.CreatableTopicResult {
        let leaders = try leaders(of: wanted)
        let isDefault = wanted.numPartitions == -1
        let count = leaders?.count ?? (isDefault ? configuration.partitionsPerTopic : Int(wanted.numPartitions))
        if leaders == nil, wanted.replicationFactor != -1,
            !(1...configuration.nodes).contains(Int(wanted.replicationFactor))
        {
            throw Refusal(
                .invalidReplicationFactor,
                "\(wanted.replicationFactor) replicas cannot be had of \(configuration.nodes) nodes")
        }
        let topic = try cluster.createTopic(
            wanted.name, partitions: count, leaders: leaders, validateOnly: validateOnly)
        return CreateTopicsResponse.CreatableTopicResult {
            $0.name = wanted.name
            $0.topicId = topic?.id ?? .zero
            $0.numPartitions = Int32(count)
            $0.replicationFactor = 1
        }
    }

    /// The first broker of each partition, where the request assigns them.
    private func leaders(of wanted: CreateTopicsRequest.CreatableTopic) throws(Refusal) -> [Int32]? {
        if wanted.assignments.isEmpty { return nil }
        guard wanted.numPartitions == -1, wanted.replicationFactor == -1 else {
            throw Refusal(.invalidRequest, "assignments say the number of partitions and replicas already")
        }
        let assignments = wanted.assignments.sorted { $0.partitionIndex < $1.partitionIndex }
        let nodes = Set(cluster.nodes.map(\.nodeId))
        return try assignments.enumerated().map { (index, assignment) throws(Refusal) in
            guard assignment.partitionIndex == index, let leader = assignment.brokerIds.first,
                nodes.isSuperset(of: assignment.brokerIds)
            else {
                throw Refusal(
                    .invalidReplicaAssignment, "assignments name partitions from 0 on, and nodes that there are")
            }
            return leader
        }
    }
}

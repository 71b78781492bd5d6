import KafkaWire

extension RequestHandler {
    /// Tells the nodes, and the topics that were asked for; creates those that are missing if all agree.
    func metadata(_ request: MetadataRequest, version: Int16) -> MetadataResponse {
        let wanted = version == 0 && request.topics?.isEmpty == true ? nil : request.topics
        let mayCreate = request.allowAutoTopicCreation && configuration.autoCreateTopics
        let topics = wanted?.map { describe($0, mayCreate: mayCreate) } ?? cluster.topics.map(describe)
        return MetadataResponse {
            $0.brokers = cluster.liveNodes.map { address in
                MetadataResponse.Broker {
                    $0.nodeId = address.nodeId
                    $0.host = address.host
                    $0.port = Int32(address.port)
                }
            }
            $0.clusterId = cluster.id.description
            $0.controllerId = 1
            $0.topics = topics
        }
    }

    private func describe(_ wanted: MetadataRequest.Topic, mayCreate: Bool) -> MetadataResponse.Topic {
        do throws(Refusal) {
            let topic = try find(wanted, mayCreate: mayCreate)
            try refuseOnDemand(.metadata, topic: topic.name)
            return describe(topic)
        } catch {
            return MetadataResponse.Topic {
                $0.errorCode = error.code
                $0.name = wanted.name
                $0.topicId = wanted.topicId
            }
        }
    }

    private func find(_ wanted: MetadataRequest.Topic, mayCreate: Bool) throws(Refusal) -> Topic {
        guard let name = wanted.name else {
            return try topic(named: "", id: wanted.topicId, byName: false)
        }
        if let topic = cluster.topic(named: name) { return topic }
        if let fault = TopicName.fault(in: name) { throw Refusal(.invalidTopicException, fault) }
        if mayCreate {
            do throws(Refusal) {
                let partitions = configuration.partitionsPerTopic
                if let topic = try cluster.createTopic(name, partitions: partitions) { return topic }
            } catch  where error.code == .topicAlreadyExists {
                // Somebody else was faster.
            }
        }
        return try topic(named: name, id: .zero, byName: true)
    }

    private func describe(_ topic: Topic) -> MetadataResponse.Topic {
        MetadataResponse.Topic {
            $0.name = topic.name
            $0.topicId = topic.id
            $0.partitions = topic.partitions.map { partition in
                let leadership = partition.leadership
                return MetadataResponse.Partition {
                    $0.partitionIndex = partition.index
                    $0.leaderId = leadership.node
                    $0.leaderEpoch = leadership.epoch
                    $0.replicaNodes = [leadership.node]
                    $0.isrNodes = [leadership.node]
                }
            }
        }
    }
}

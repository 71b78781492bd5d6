import KafkaWire
import Testing

@testable import DevBroker

@Suite struct TopicsTests {
    private func wanted(_ name: String, partitions: Int32 = 2, replicas: Int16 = 1)
        -> CreateTopicsRequest.CreatableTopic
    {
        CreateTopicsRequest.CreatableTopic {
            $0.name = name
            $0.numPartitions = partitions
            $0.replicationFactor = replicas
        }
    }

    private func create(
        _ topics: CreateTopicsRequest.CreatableTopic..., at broker: DevBroker, version: Int16 = 7,
        validateOnly: Bool = false
    ) throws -> [CreateTopicsResponse.CreatableTopicResult] {
        let request = CreateTopicsRequest {
            $0.topics = topics
            $0.validateOnly = validateOnly
        }
        return try broker.connect().ask(request, version: version).topics
    }

    @Test(arguments: APIKey.createTopics.versions) func topicsAreCreated(version: Int16) async throws {
        try await withBroker { broker in
            let results = try create(
                wanted("a"), wanted("b", partitions: -1, replicas: -1), at: broker, version: version)
            #expect(results.map(\.errorCode) == [.none, .none])
            if version >= 5 { #expect(results.map(\.numPartitions) == [2, 3]) }
            #expect(broker.topics == ["a", "b"])
            #expect(broker.endOffset(topic: "a", partition: 1) == 0)
            #expect(broker.endOffset(topic: "a", partition: 2) == nil)
        }
    }

    @Test func whatCannotBeIsRefusedAndTheOthersAreNot() async throws {
        try await withBroker {
            $0.nodes = 2
        } _: { broker in
            try broker.createTopic("there")
            let results = try create(
                wanted("there"), wanted("a b"), wanted("none", partitions: 0), wanted("many", partitions: .max),
                wanted("three", replicas: 3), wanted("zero", replicas: 0), wanted("twice"), wanted("twice"),
                wanted("good", replicas: 2), at: broker)
            #expect(
                results.map(\.errorCode) == [
                    .topicAlreadyExists, .invalidTopicException, .invalidPartitions, .invalidPartitions,
                    .invalidReplicationFactor, .invalidReplicationFactor, .invalidRequest, .invalidRequest, .none,
                ])
            #expect(results[0].errorMessage == "topic 'there' already exists")
            #expect(broker.topics == ["good", "there"])
        }
    }

    @Test func lookingCreatesNothing() async throws {
        try await withBroker { broker in
            let results = try create(wanted("a"), at: broker, validateOnly: true)
            #expect(results.map(\.errorCode) == [.none])
            #expect(broker.topics.isEmpty)
        }
    }

    @Test func partitionsGoToTheNodesThatAreNamed() async throws {
        func assigned(_ nodes: Int32...) -> CreateTopicsRequest.CreatableTopic {
            CreateTopicsRequest.CreatableTopic {
                $0.name = "a"
                $0.numPartitions = -1
                $0.replicationFactor = -1
                $0.assignments = nodes.enumerated().map { index, node in
                    CreateTopicsRequest.CreatableReplicaAssignment {
                        $0.partitionIndex = Int32(index)
                        $0.brokerIds = [node]
                    }
                }
            }
        }
        try await withBroker {
            $0.nodes = 2
        } _: { broker in
            #expect(try create(assigned(3), at: broker).map(\.errorCode) == [.invalidReplicaAssignment])
            #expect(try create(assigned(2, 2, 1), at: broker).map(\.errorCode) == [.none])
            let all = try broker.connect().ask(MetadataRequest { $0.topics = nil }, version: 9)
            #expect(all.topics.first?.partitions.map(\.leaderId) == [2, 2, 1])
        }
    }
}

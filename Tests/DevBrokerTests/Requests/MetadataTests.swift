import KafkaWire
import Testing

@testable import DevBroker

@Suite struct MetadataTests {
    private func request(_ names: String..., mayCreate: Bool = true) -> MetadataRequest {
        MetadataRequest {
            $0.allowAutoTopicCreation = mayCreate
            $0.topics = names.map { name in MetadataRequest.Topic { $0.name = name } }
        }
    }

    @Test(arguments: APIKey.metadata.versions) func aTopicIsCreatedWhenItIsAskedFor(version: Int16) async throws {
        try await withBroker {
            $0.nodes = 3
            $0.partitionsPerTopic = 5
        } _: { broker in
            let response = try broker.connect(node: 2).ask(request("orders"), version: version)
            #expect(response.brokers.map { "\($0.host):\($0.port)" } == broker.addresses.map(\.description))
            let topic = try #require(response.topics.first)
            #expect(topic.errorCode == .none)
            #expect(topic.name == "orders")
            #expect(topic.partitions.map(\.partitionIndex) == [0, 1, 2, 3, 4])
            #expect(topic.partitions.map(\.leaderId) == [1, 2, 3, 1, 2])
            #expect(broker.topics == ["orders"])
        }
    }

    @Test func nothingIsCreatedWhereTheClientOrTheBrokerDoesNotWantIt() async throws {
        try await withBroker { broker in
            let response = try broker.connect().ask(request("orders", mayCreate: false), version: 9)
            #expect(response.topics.map(\.errorCode) == [.unknownTopicOrPartition])
        }
        try await withBroker {
            $0.autoCreateTopics = false
        } _: { broker in
            let response = try broker.connect().ask(request("orders"), version: 9)
            #expect(response.topics.map(\.errorCode) == [.unknownTopicOrPartition])
            #expect(broker.topics.isEmpty)
        }
    }

    @Test func aNameThatCannotBeIsRefusedAndTheOthersAreNot() async throws {
        try await withBroker { broker in
            let response = try broker.connect().ask(request("a b", "ok"), version: 9)
            #expect(response.topics.map(\.errorCode) == [.invalidTopicException, .none])
        }
    }

    @Test(arguments: [Int16(0), 1, 9, 13]) func allTopicsAreTold(version: Int16) async throws {
        try await withBroker { broker in
            try broker.createTopic("a")
            try broker.createTopic("b")
            let all = MetadataRequest { $0.topics = version == 0 ? [] : nil }
            #expect(try broker.connect().ask(all, version: version).topics.map(\.name) == ["a", "b"])
            if version > 0 { #expect(try broker.connect().ask(request(), version: version).topics.isEmpty) }
        }
    }

    @Test func topicsAreFoundByTheirIds() async throws {
        try await withBroker { broker in
            let connection = try broker.connect()
            let id = try #require(try connection.ask(request("orders"), version: 12).topics.first?.topicId)
            let byId = MetadataRequest {
                $0.topics = [id, KafkaUUID(high: 1, low: 1)].map { id in
                    MetadataRequest.Topic {
                        $0.name = nil
                        $0.topicId = id
                    }
                }
            }
            let response = try connection.ask(byId, version: 12)
            #expect(response.topics.map(\.name) == ["orders", nil])
            #expect(response.topics.map(\.errorCode) == [.none, .unknownTopicId])
        }
    }
}

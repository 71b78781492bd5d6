import KafkaWire
import Testing

@testable import DevBroker

@Suite struct ListOffsetsTests {
    private func find(
        _ timestamp: Int64, topic: String = "orders", partition: Int32 = 0, epoch: Int32 = -1,
        _ connection: TestConnection, version: Int16 = 7
    ) throws -> ListOffsetsResponse.ListOffsetsPartitionResponse {
        let request = ListOffsetsRequest {
            $0.topics = [
                ListOffsetsRequest.ListOffsetsTopic {
                    $0.name = topic
                    $0.partitions = [
                        ListOffsetsRequest.ListOffsetsPartition {
                            $0.partitionIndex = partition
                            $0.timestamp = timestamp
                            $0.currentLeaderEpoch = epoch
                        }
                    ]
                }
            ]
        }
        let response = try connection.ask(request, version: version)
        return try #require(response.topics.first?.partitions.first)
    }

    @Test(arguments: APIKey.listOffsets.versions) func beginningAndEndAreTold(version: Int16) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            _ = try connection.produce(TestBatch("a", "b"), to: "orders")
            #expect(try find(-1, connection, version: version).offset == 2)
            #expect(try find(-2, connection, version: version).offset == 0)
        }
    }

    @Test(arguments: Compression.allCases) func recordsAreFoundByTime(codec: Compression) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            for time: Int64 in [100, 300, 200] {
                let batch = TestBatch("a", "b").with {
                    $0.timestamp = time
                    $0.codec = codec
                }
                _ = try connection.produce(batch, to: "orders")
            }
            func place(_ timestamp: Int64) throws -> [Int64] {
                let found = try find(timestamp, connection)
                return [found.offset, found.timestamp]
            }
            #expect(try place(0) == [0, 100])
            #expect(try place(101) == [1, 101])
            #expect(try place(102) == [2, 300])
            #expect(try place(301) == [3, 301])
            #expect(try place(302) == [-1, -1])
            #expect(try place(-3) == [3, 301])
        }
    }

    @Test func anEmptyPartitionHasNoLatestRecord() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            #expect(try find(-3, broker.connect()).offset == -1)
        }
    }

    @Test func whatIsNotThereIsRefused() async throws {
        try await withBroker {
            $0.nodes = 2
        } _: { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            #expect(try find(-1, topic: "none", connection).errorCode == .unknownTopicOrPartition)
            #expect(try find(-1, partition: 9, connection).errorCode == .unknownTopicOrPartition)
            #expect(try find(-1, partition: 1, connection).errorCode == .notLeaderOrFollower)
            #expect(try find(-1, epoch: 3, connection).errorCode == .unknownLeaderEpoch)
        }
    }
}

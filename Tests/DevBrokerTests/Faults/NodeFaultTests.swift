import KafkaWire
import Testing

@testable import DevBroker

@Suite struct NodeFaultTests {
    @Test func aSilentBrokerAnswersLater() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            broker.isSilent = true
            let bytes = try TestBatch("a").bytes
            let request = connection.produceRequest(count: bytes.count, "orders")
            for _ in 0..<3 { try connection.send(connection.frame(request, version: 9, gaps: [bytes])) }
            let other = try broker.connect()
            try other.send(other.frame(MetadataRequest(), version: 9))
            #expect(broker.endOffset(topic: "orders", partition: 0) == 0)
            broker.isSilent = false
            for _ in 0..<3 {
                let answer = try connection.answer(to: ProduceRequest.self, version: 9).response
                #expect(answer.responses.first?.partitionResponses.first?.errorCode == ErrorCode.none)
            }
            #expect(try other.answer(to: MetadataRequest.self, version: 9).response.brokers.count == 1)
        }
    }

    @Test func connectionsAreClosedNodeByNode() async throws {
        try await withBroker {
            $0.nodes = 2
        } _: { broker in
            let first = try broker.connect(node: 1)
            let second = try broker.connect(node: 2)
            for connection in [first, second] { _ = try connection.ask(MetadataRequest(), version: 9) }
            broker.closeConnections(ofNode: 1)
            #expect(try first.isClosed())
            #expect(try second.ask(MetadataRequest(), version: 9).brokers.count == 2)
            broker.closeConnections()
            #expect(try second.isClosed())
        }
    }

    @Test func aStoppedNodeIsNoLongerPartOfTheCluster() async throws {
        try await withBroker {
            $0.nodes = 3
        } _: { broker in
            try broker.createTopic("orders", partitions: 3)
            let connection = try broker.connect(node: 2)
            _ = try connection.ask(MetadataRequest { $0.topics = nil }, version: 9)
            try await broker.stopNode(2)
            #expect(try connection.isClosed())
            #expect(throws: (any Error).self) { try broker.connect(node: 2).ask(MetadataRequest(), version: 9) }
            let metadata = try broker.connect(node: 1).ask(MetadataRequest { $0.topics = nil }, version: 9)
            #expect(metadata.brokers.map(\.nodeId) == [1, 3])
            #expect(metadata.topics.first?.partitions.map(\.leaderId) == [1, 3, 3])
            #expect(metadata.topics.first?.partitions.map(\.leaderEpoch) == [0, 1, 0])
            #expect(try broker.connect(node: 3).produce(TestBatch("a"), to: "orders", partition: 1).baseOffset == 0)

            try await broker.startNode(2)
            #expect(try broker.connect(node: 2).ask(MetadataRequest(), version: 9).brokers.count == 3)
        }
    }

    @Test func nodesCannotBeStoppedOrStartedTwiceNorAllBeStopped() async throws {
        try await withBroker {
            $0.nodes = 2
        } _: { broker in
            await #expect(throws: DevBrokerError.self) { try await broker.startNode(1) }
            await #expect(throws: DevBrokerError.self) { try await broker.stopNode(3) }
            try await broker.stopNode(1)
            await #expect(throws: DevBrokerError.self) { try await broker.stopNode(1) }
            await #expect(throws: DevBrokerError.self) { try await broker.stopNode(2) }
        }
    }
}

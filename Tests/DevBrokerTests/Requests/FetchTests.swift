import KafkaWire
import Testing

@testable import DevBroker

@Suite struct FetchTests {
    @Test(arguments: APIKey.fetch.versions) func recordsAreReadBack(version: Int16) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            let named = MetadataRequest { $0.topics = [MetadataRequest.Topic { $0.name = "orders" }] }
            let id = try #require(try connection.ask(named, version: 10).topics.first?.topicId)
            for value in ["a", "b", "c"] { _ = try connection.produce(TestBatch(value), to: "orders") }
            let (data, records) = try connection.fetch("orders", id: id, from: 1, version: version)
            #expect(data.errorCode == .none)
            #expect(data.highWatermark == 3)
            #expect(data.lastStableOffset == 3)
            #expect(records.map(\.offset) == [1, 2])
            #expect(records.map(\.value) == [Array("b".utf8), Array("c".utf8)])
        }
    }

    @Test func aBatchLargerThanAllowedStillComes() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            for _ in 0..<3 { _ = try connection.produce(TestBatch("a"), to: "orders") }
            #expect(try connection.fetch("orders", from: 0, maxBytes: 1).records.map(\.offset) == [0])
        }
    }

    @Test func largeBatchesComeWhole() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            let values = (0..<5).map { String(repeating: "\($0)", count: 200_000) }
            for value in values { #expect(try connection.produce(TestBatch(value), to: "orders").errorCode == .none) }
            let (_, records) = try connection.fetch("orders", from: 0, maxBytes: 2_000_000)
            #expect(records.map { String(decoding: $0.value ?? [], as: UTF8.self) } == values)
        }
    }

    @Test func faultsAreAnsweredAtOnce() async throws {
        try await withBroker {
            $0.nodes = 2
        } _: { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            func code(_ change: (inout FetchRequest) -> Void, version: Int16 = 12) throws -> ErrorCode {
                var request = connection.fetchRequest("orders", from: 0, maxWaitMs: 60_000)
                change(&request)
                try connection.send(connection.frame(request, version: version))
                return try connection.fetched(version: version).data.errorCode
            }
            #expect(try code { $0.topics[0].topic = "none" } == .unknownTopicOrPartition)
            #expect(try code({ $0.topics[0].topicId = KafkaUUID(high: 1, low: 1) }, version: 13) == .unknownTopicId)
            #expect(try code { $0.topics[0].partitions[0].partition = 7 } == .unknownTopicOrPartition)
            #expect(try code { $0.topics[0].partitions[0].partition = 1 } == .notLeaderOrFollower)
            #expect(try code { $0.topics[0].partitions[0].fetchOffset = 1 } == .offsetOutOfRange)
            #expect(try code { $0.topics[0].partitions[0].currentLeaderEpoch = 4 } == .unknownLeaderEpoch)
        }
    }

    @Test func sessionsAreNotGranted() async throws {
        try await withBroker { broker in
            let connection = try broker.connect()
            let begin = FetchRequest { $0.sessionEpoch = 0 }
            #expect(try connection.ask(begin, version: 12).sessionId == 0)
            let goOn = FetchRequest {
                $0.sessionId = 5
                $0.sessionEpoch = 1
            }
            #expect(try connection.ask(goOn, version: 12).errorCode == .fetchSessionIdNotFound)
        }
    }

    @Test func whoWaitsIsWokenByAnAppend() async throws {
        try await withBroker {
            $0.eventLoopThreads = 2
        } _: { broker in
            try broker.createTopic("orders")
            let (reader, writer) = (try broker.connect(), try broker.connect())
            for offset in 0..<50 {
                let request = reader.fetchRequest("orders", from: Int64(offset), maxWaitMs: 60_000)
                try reader.send(reader.frame(request, version: 12))
                _ = try writer.produce(TestBatch("a"), to: "orders")
                #expect(try reader.fetched(version: 12).records.map(\.offset) == [Int64(offset)])
            }
        }
    }

    @Test func whoWaitsForMoreBytesIsNotAnsweredBefore() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let (reader, writer) = (try broker.connect(), try broker.connect())
            let size = Int32(try TestBatch("a").bytes.count)
            let request = reader.fetchRequest("orders", from: 0, maxWaitMs: 60_000, minBytes: 3 * size)
            try reader.send(reader.frame(request, version: 12))
            for _ in 0..<3 { _ = try writer.produce(TestBatch("a"), to: "orders") }
            #expect(try reader.fetched(version: 12).records.count == 3)
        }
    }

    @Test func waitingEndsWithoutRecordsToo() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            try connection.send(
                connection.frame(
                    connection.fetchRequest("orders", from: 0, maxWaitMs: 1), version: 12))
            let (data, records) = try connection.fetched(version: 12)
            #expect(data.errorCode == .none)
            #expect(records.isEmpty)
        }
    }

    @Test func requestsBehindAWaitingFetchAreAnsweredAfterIt() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let (reader, writer) = (try broker.connect(), try broker.connect())
            let fetch = try reader.frame(
                reader.fetchRequest("orders", from: 0, maxWaitMs: 60_000), version: 12)
            let metadata = try reader.frame(MetadataRequest(), version: 9)
            try reader.send(fetch + metadata)
            _ = try writer.produce(TestBatch("a"), to: "orders")
            #expect(try reader.fetched(version: 12).records.count == 1)
            #expect(try reader.answer(to: MetadataRequest.self, version: 9).correlationId == 2)
        }
    }
}

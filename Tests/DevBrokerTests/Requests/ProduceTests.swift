import KafkaWire
import Testing

@testable import DevBroker

@Suite struct ProduceTests {
    private func topicId(_ name: String, _ connection: TestConnection) throws -> KafkaUUID {
        let request = MetadataRequest { $0.topics = [MetadataRequest.Topic { $0.name = name }] }
        return try #require(try connection.ask(request, version: 10).topics.first?.topicId)
    }

    @Test(arguments: APIKey.produce.versions) func recordsAreStored(version: Int16) async throws {
        try await withBroker { broker in
            let connection = try broker.connect()
            let id = try topicId("orders", connection)
            for expected in [Int64(0), 2] {
                let answer = try connection.produce(TestBatch("a", "b"), to: "orders", id: id, version: version)
                #expect(answer.errorCode == .none)
                #expect(answer.baseOffset == expected)
                #expect(answer.logAppendTimeMs == -1)
                if version >= 5 { #expect(answer.logStartOffset == 0) }
            }
            #expect(try broker.values("orders") == ["a", "b", "a", "b"])
            #expect(broker.endOffset(topic: "orders", partition: 0) == 4)
            #expect(broker.endOffset(topic: "orders", partition: 1) == 0)
        }
    }

    @Test(arguments: Compression.allCases) func recordsAreStoredAsTheyWereCompressed(codec: Compression) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let values = (0..<100).map { "value \($0)" }
            let batch = TestBatch(values).with {
                $0.codec = codec
                $0.key = "k"
            }
            #expect(try broker.connect().produce(batch, to: "orders").errorCode == .none)
            let records = try broker.records(topic: "orders", partition: 0)
            #expect(records.map(\.offset) == Array(0..<100))
            #expect(records.map { String(decoding: $0.value ?? [], as: UTF8.self) } == values)
            #expect(records.allSatisfy { $0.key == Array("k".utf8) })
            #expect(records.last?.timestamp == batch.timestamp + 99)
        }
    }

    @Test func topicsAndPartitionsThatAreNotThereAreRefused() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 2)
            let connection = try broker.connect()
            let batch = TestBatch("a")
            #expect(try connection.produce(batch, to: "none").errorCode == .unknownTopicOrPartition)
            #expect(
                try connection.produce(batch, to: "orders", partition: 2).errorCode == .unknownTopicOrPartition)
            #expect(
                try connection.produce(batch, to: "orders", partition: -1).errorCode == .unknownTopicOrPartition)
            let id = KafkaUUID(high: 5, low: 5)
            #expect(try connection.produce(batch, to: "", id: id, version: 13).errorCode == .unknownTopicId)
        }
    }

    @Test func aNodeThatIsNotTheLeaderNamesTheOneThatIs() async throws {
        try await withBroker {
            $0.nodes = 2
        } _: { broker in
            try broker.createTopic("orders", partitions: 2)
            let connection = try broker.connect(node: 1)
            let bytes = try TestBatch("a").bytes
            let request = connection.produceRequest(count: bytes.count, "orders", partition: 1)
            let response = try connection.ask(request, version: 10, gaps: [bytes])
            let answer = try #require(response.responses.first?.partitionResponses.first)
            #expect(answer.errorCode == .notLeaderOrFollower)
            #expect(answer.baseOffset == -1)
            #expect(answer.currentLeader.leaderId == 2)
            #expect(response.nodeEndpoints.map(\.nodeId) == [2])
            #expect(response.nodeEndpoints.first?.port == broker.addresses.last.map { Int32($0.port) })
            let leader = try broker.connect(node: 2)
            #expect(try leader.produce(TestBatch("a"), to: "orders", partition: 1).errorCode == .none)
        }
    }

    @Test func eachPartitionIsAnsweredForItself() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 2)
            let connection = try broker.connect()
            let batches = [try TestBatch("bad").with { $0.checksumError = 1 }.bytes, try TestBatch("good").bytes]
            var request = connection.produceRequest(count: 0, "orders")
            request.topicData[0].partitionData = batches.enumerated().map { index, bytes in
                ProduceRequest.PartitionProduceData {
                    $0.index = Int32(index)
                    $0.records = RecordsReference(count: bytes.count)
                }
            }
            let response = try connection.ask(request, version: 9, gaps: batches)
            let codes = response.responses.first?.partitionResponses.map(\.errorCode)
            #expect(codes == [.corruptMessage, .none])
            #expect(try broker.values("orders", partition: 0) == [])
            #expect(try broker.values("orders", partition: 1) == ["good"])
        }
    }

    @Test func aRefusalSaysWhy() async throws {
        try await withBroker {
            $0.maxMessageBytes = 100
        } _: { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            let large = TestBatch(String(repeating: "x", count: 100))
            let tooLarge = try connection.produce(large, to: "orders")
            #expect(tooLarge.errorCode == .messageTooLarge)
            #expect(tooLarge.errorMessage?.contains("100 are allowed") == true)
            let misnumbered = try connection.produce(TestBatch("a").with { $0.offsetDeltaError = 1 }, to: "orders")
            #expect(misnumbered.errorCode == .invalidRecord)
            #expect(misnumbered.recordErrors.map(\.batchIndex) == [0])
        }
    }

    @Test(arguments: Compression.allCases)
    func recordsFromTheFutureAreRefusedAndNamed(codec: Compression) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let hour: Int64 = 3_600_000
            let batch = TestBatch("a", "b", "c").with {
                $0.codec = codec
                $0.timestamp = WallClock.milliseconds + 10 * hour
            }
            let answer = try broker.connect().produce(batch, to: "orders")
            #expect(answer.errorCode == .invalidTimestamp)
            #expect(answer.recordErrors.map(\.batchIndex) == [0, 1, 2])
            let past = TestBatch("a").with { $0.timestamp = 0 }
            #expect(try broker.connect().produce(past, to: "orders").errorCode == .none)
        }
    }

    @Test func aPartitionWithoutABatchIsRefused() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            for count in [nil, 0] {
                let request = connection.produceRequest(count: count, "orders")
                let response = try connection.ask(request, version: 9, gaps: [[]])
                #expect(response.responses.first?.partitionResponses.map(\.errorCode) == [.invalidRecord])
            }
        }
    }

    @Test func acksOtherThanThoseThatThereAreAreRefused() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            let batch = TestBatch("a")
            #expect(try connection.produce(batch, to: "orders", acks: 2).errorCode == .invalidRequiredAcks)
            #expect(try connection.produce(batch, to: "orders", acks: 1).errorCode == .none)
        }
    }

    @Test func withoutAcksThereIsNoAnswer() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            let bytes = try TestBatch("a").bytes
            let silent = connection.produceRequest(count: bytes.count, "orders", acks: 0)
            try connection.send(connection.frame(silent, version: 9, gaps: [bytes]))
            #expect(try connection.produce(TestBatch("b"), to: "orders").baseOffset == 1)
        }
    }

    @Test func withoutAcksARefusalClosesTheConnection() async throws {
        try await withBroker { broker in
            let connection = try broker.connect()
            let bytes = try TestBatch("a").bytes
            let silent = connection.produceRequest(count: bytes.count, "none", acks: 0)
            try connection.send(connection.frame(silent, version: 9, gaps: [bytes]))
            #expect(try connection.isClosed())
        }
    }

    @Test func idempotentBatchesAreFollowed() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            let producer = try connection.ask(InitProducerIdRequest(), version: 4)
            #expect(producer.errorCode == .none)
            #expect(producer.producerEpoch == 0)
            func produce(_ sequence: Int32, epoch: Int16 = 0) throws -> (ErrorCode, Int64) {
                let batch = TestBatch(producer: producer.producerId, epoch: epoch, sequence: sequence)
                let answer = try connection.produce(batch, to: "orders")
                return (answer.errorCode, answer.baseOffset)
            }
            for sequence in Int32(0)..<7 { #expect(try produce(sequence) == (.none, Int64(sequence))) }
            #expect(try produce(4) == (.none, 4))
            #expect(try produce(0) == (.outOfOrderSequenceNumber, -1))
            #expect(try produce(8) == (.outOfOrderSequenceNumber, -1))
            #expect(try produce(0, epoch: 1) == (.none, 7))
            #expect(try produce(7) == (.invalidProducerEpoch, -1))
            #expect(try broker.values("orders") == ["0", "1", "2", "3", "4", "5", "6", "0"])
        }
    }

    @Test func aBrokerThatDiscardsCountsAndChecksSequences() async throws {
        try await withBroker {
            $0.discard = true
        } _: { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            let batch = TestBatch(producer: 1, sequence: 0, count: 3)
            #expect(try connection.produce(batch, to: "orders").baseOffset == 0)
            let answer = try connection.produce(batch, to: "orders")
            #expect(answer.errorCode == .none)
            #expect(answer.baseOffset == 0)
            #expect(broker.endOffset(topic: "orders", partition: 0) == 3)
            #expect(try broker.values("orders").isEmpty)
        }
    }
}

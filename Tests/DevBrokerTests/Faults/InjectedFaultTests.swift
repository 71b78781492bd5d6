import KafkaWire
import Testing

@testable import DevBroker

@Suite struct InjectedFaultTests {
    private let batch = TestBatch("a")

    @Test func aRefusedBatchIsNotAppended() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 2)
            broker.inject(.error(.notEnoughReplicas), topic: "orders", partition: 0)
            let connection = try broker.connect()
            #expect(try connection.produce(batch, to: "orders", partition: 1).errorCode == .none)
            #expect(try connection.produce(batch, to: "orders").errorCode == .notEnoughReplicas)
            #expect(try connection.produce(batch, to: "orders").baseOffset == 0)
        }
    }

    @Test func aBatchMayBeAppendedAndAnsweredWithAnError() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            broker.inject(.errorAfterAppend(.notEnoughReplicasAfterAppend))
            let connection = try broker.connect()
            let batch = TestBatch(producer: 1, sequence: 0)
            #expect(try connection.produce(batch, to: "orders").errorCode == .notEnoughReplicasAfterAppend)
            #expect(try connection.produce(batch, to: "orders").baseOffset == 0)
            #expect(broker.endOffset(topic: "orders", partition: 0) == 1)
        }
    }

    @Test func recordsAreNamedThatAreToBlame() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            broker.inject(.recordErrors([0, 2]))
            let answer = try broker.connect().produce(TestBatch("a", "b", "c"), to: "orders")
            #expect(answer.errorCode == .invalidRecord)
            #expect(answer.recordErrors.map(\.batchIndex) == [0, 2])
            #expect(try broker.values("orders").isEmpty)
        }
    }

    @Test func aPartitionMovesUnderANewEpoch() async throws {
        try await withBroker {
            $0.nodes = 2
        } _: { broker in
            try broker.createTopic("orders", partitions: 1)
            broker.inject(.moveLeader)
            let answer = try broker.connect(node: 1).produce(batch, to: "orders", version: 10)
            #expect(answer.errorCode == .notLeaderOrFollower)
            #expect(answer.currentLeader.leaderId == 2)
            #expect(answer.currentLeader.leaderEpoch == 1)
            #expect(try broker.connect(node: 2).produce(batch, to: "orders").errorCode == .none)
            try broker.moveLeader(topic: "orders", partition: 0, to: 1)
            #expect(try broker.connect(node: 1).produce(batch, to: "orders").baseOffset == 1)
            #expect(throws: DevBrokerError.self) { try broker.moveLeader(topic: "orders", partition: 0, to: 3) }
            #expect(throws: DevBrokerError.self) { try broker.moveLeader(topic: "orders", partition: 7, to: 1) }
        }
    }

    @Test func anAnswerMayAskForAPause() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            broker.inject(.throttle(.milliseconds(250)))
            let connection = try broker.connect()
            let bytes = try batch.bytes
            let request = connection.produceRequest(count: bytes.count, "orders")
            #expect(try connection.ask(request, version: 9, gaps: [bytes]).throttleTimeMs == 250)
            #expect(try connection.ask(request, version: 9, gaps: [bytes]).throttleTimeMs == 0)
        }
    }

    @Test(arguments: [(Fault.closeBefore, Int64(0)), (.closeAfter, 1)])
    func aConnectionIsClosedInPlaceOfAnAnswer(fault: Fault, records: Int64) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            broker.inject(fault)
            let connection = try broker.connect()
            let bytes = try batch.bytes
            let request = connection.produceRequest(count: bytes.count, "orders")
            try connection.send(connection.frame(request, version: 9, gaps: [bytes]))
            #expect(try connection.isClosed())
            #expect(broker.endOffset(topic: "orders", partition: 0) == records)
        }
    }

    @Test func anAnswerMayBeLeftOut() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            broker.inject(.dropAnswer)
            let connection = try broker.connect()
            let bytes = try batch.bytes
            let request = connection.produceRequest(count: bytes.count, "orders")
            try connection.send(connection.frame(request, version: 9, gaps: [bytes]))
            // The answer to the second request is the first that comes.
            #expect(try connection.produce(batch, to: "orders").baseOffset == 1)
        }
    }

    @Test func answersThatAreHeldBackComeInOrder() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            broker.inject(.delayAnswer(.milliseconds(20)))
            let connection = try broker.connect()
            let bytes = try batch.bytes
            let request = connection.produceRequest(count: bytes.count, "orders")
            for _ in 0..<2 { try connection.send(connection.frame(request, version: 9, gaps: [bytes])) }
            let offsets = try (0..<2).map { _ in
                try connection.answer(to: ProduceRequest.self, version: 9).response.responses.first?
                    .partitionResponses.first?.baseOffset
            }
            #expect(offsets == [0, 1])
        }
    }

    @Test func metadataAndProducerIdsFailToo() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            broker.inject(.error(.leaderNotAvailable), into: .metadata, topic: "orders")
            broker.inject(.error(.coordinatorLoadInProgress), into: .initProducerId)
            let connection = try broker.connect()
            let request = MetadataRequest { $0.topics = [MetadataRequest.Topic { $0.name = "orders" }] }
            let errors = try (0..<2).map { _ in try connection.ask(request, version: 9).topics.first?.errorCode }
            #expect(errors == [.leaderNotAvailable, ErrorCode.none])
            let codes = try (0..<2).map { _ in try connection.ask(InitProducerIdRequest(), version: 4).errorCode }
            #expect(codes == [.coordinatorLoadInProgress, .none])
        }
    }

    @Test func chancesAreSetWhileTheBrokerRuns() async throws {
        try await withBroker {
            $0.faults = Faults([.late: 1000])
        } _: { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            #expect(try connection.produce(batch, to: "orders").errorCode.isRetriable)
            #expect(broker.faultCounts == [.late: 1])
            #expect(broker.faults == Faults([.late: 1000]))
            broker.faults = Faults()
            #expect(try connection.produce(batch, to: "orders").baseOffset == 1)
        }
    }
}

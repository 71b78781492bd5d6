import KafkaWire
import NIOCore
import Testing

@testable import KafkaProducer

/// What the sender does with metadata, with a clock of its own (Java's Metadata and ProducerMetadata).
@Suite struct MetadataRefreshTests {
    @Test("4.18 A topic that nobody uses leaves the request, and comes back with the next record")
    func aTopicThatNobodyUsesLeavesTheRequestAndComesBackWithTheNextRecord() throws {
        let rehearsal = try Rehearsal(["metadata.max.age.ms": "10000", "metadata.max.idle.ms": "15000"])
        try rehearsal.deliver()
        _ = rehearsal.takeLog()
        rehearsal.advance(35_000)
        #expect(
            rehearsal.takeLog().filter { $0.hasPrefix("metadata") }.map { $0.hasSuffix("[\"orders\"]") } == [
                true, true, false,
            ])
        try rehearsal.deliver()
        let log = rehearsal.takeLog()
        #expect(log.first?.hasSuffix("[\"orders\"]") == true)
        #expect(log.last == "produce one 0")
    }

    @Test func aTopicWhosePartitionsAreLookedUpIsInUse() throws {
        let rehearsal = try Rehearsal(["metadata.max.age.ms": "10000", "metadata.max.idle.ms": "15000"])
        try rehearsal.deliver()
        _ = rehearsal.takeLog()
        for _ in 0..<4 {
            rehearsal.advance(10_000)
            var progress = ProducerCore.Progress()
            guard
                case .known(let partitions) = try rehearsal.core.lookUp(
                    &progress, partitionsOf: rehearsal.core.topic("orders"))
            else {
                Issue.record("the topic was forgotten")
                return
            }
            #expect(partitions.count == 1)
        }
        #expect(rehearsal.takeLog().filter { $0.hasPrefix("metadata") }.allSatisfy { $0.hasSuffix("[\"orders\"]") })
    }

    @Test func aNewTopicIsAskedForAlone() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.deliver()
        _ = rehearsal.takeLog()
        rehearsal.core.sender.wantMetadata(of: rehearsal.core.topic("others"))
        rehearsal.advance(5)
        #expect(rehearsal.takeLog().map { $0.hasSuffix("[\"others\"]") } == [true])
    }

    @Test func aNewLeaderThatABrokerNamesIsUsedBeforeAnyMetadata() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.deliver()
        _ = rehearsal.takeLog()
        rehearsal.cluster.editProduce = { host, response in
            guard host == "one" else { return }
            response.responses[0].partitionResponses[0].errorCode = .notLeaderOrFollower
            response.responses[0].partitionResponses[0].currentLeader.leaderId = 7
            response.responses[0].partitionResponses[0].currentLeader.leaderEpoch = 2
            response.nodeEndpoints = [
                .init {
                    $0.nodeId = 7
                    $0.host = "seven"
                    $0.port = 9092
                }
            ]
        }
        rehearsal.cluster.silent = ["seed"]
        let future = try rehearsal.send()
        rehearsal.advance(10)
        #expect(future?.isDone == true)
        #expect(
            rehearsal.takeLog().filter { !$0.hasPrefix("metadata") } == [
                "produce one 0", "open seven", "produce seven 0",
            ])
    }

    @Test func aLeaderThatMovedIsFoundByMetadata() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.deliver()
        _ = rehearsal.takeLog()
        rehearsal.cluster.editProduce = { host, response in
            if host == "one" { response.responses[0].partitionResponses[0].errorCode = .notLeaderOrFollower }
        }
        rehearsal.cluster.leaders = [2]
        rehearsal.cluster.leaderEpoch = 2
        let future = try rehearsal.send()
        rehearsal.advance(300)
        #expect(future?.isDone == true)
        #expect(rehearsal.takeLog().last == "produce two 0")
    }

    /// After some refusals the pause is of many seconds, while metadata comes every second.
    @Test("3.6 A new leader ends the pause before a repetition")
    func aNewLeaderEndsThePause() throws {
        let rehearsal = try Rehearsal([
            "retry.backoff.ms": "1000", "retry.backoff.max.ms": "60000", "metadata.max.age.ms": "1000",
        ])
        try rehearsal.deliver()
        rehearsal.cluster.editProduce = { host, response in
            if host == "one" { response.responses[0].partitionResponses[0].errorCode = .notEnoughReplicas }
        }
        let future = try rehearsal.send()
        rehearsal.advance(22_000)
        _ = rehearsal.takeLog()
        rehearsal.advance(2000)
        #expect(!rehearsal.takeLog().contains { $0.hasPrefix("produce") })
        rehearsal.cluster.leaders = [2]
        rehearsal.cluster.leaderEpoch = 2
        rehearsal.advance(2000)
        #expect(rehearsal.takeLog().filter { $0.hasPrefix("produce") } == ["produce two 0"])
        #expect(future?.isDone == true)
    }

    @Test func aTopicThatIsMadeAgainTakesWhatWaitsForIt() throws {
        let rehearsal = try Rehearsal()
        rehearsal.cluster.leaders = [1, 1]
        try rehearsal.deliver(partition: 1)
        rehearsal.cluster.topicId = KafkaUUID(high: 1, low: 2)
        rehearsal.cluster.leaders = [2, 2, 2]
        rehearsal.cluster.leaderEpoch = 0
        let future = try rehearsal.send(partition: 1)
        rehearsal.advance(400)
        #expect(future?.isDone == true)
        #expect(future?.outcome.1 == nil)
        try rehearsal.deliver(partition: 2)
        #expect(rehearsal.takeLog().last == "produce two 2")
    }

    @Test("4.14 A topic that is deleted is tried until the record expires")
    func aTopicThatIsDeletedIsTriedUntilTheRecordExpires() throws {
        let rehearsal = try Rehearsal(["delivery.timeout.ms": "5000", "request.timeout.ms": "1000"])
        try rehearsal.deliver()
        rehearsal.cluster.topicError = .unknownTopicOrPartition
        rehearsal.cluster.editProduce = { $1.responses[0].partitionResponses[0].errorCode = .unknownTopicOrPartition }
        let future = try rehearsal.send()
        rehearsal.advance(4000)
        #expect(future?.isDone == false)
        rehearsal.advance(2000)
        #expect(future?.outcome.1?.kind == .timeout)
        #expect(rehearsal.takeLog().filter { $0.hasPrefix("produce") }.count > 3)
    }

    @Test(arguments: [ErrorCode.topicAuthorizationFailed, .invalidTopicException])
    func aRefusalHoldsForTheRecordThatMetItOnly(code: ErrorCode) throws {
        let rehearsal = try Rehearsal()
        rehearsal.cluster.topicError = code
        let refused = try #require(try rehearsal.send())
        #expect(refused.outcome.1?.code == code)
        rehearsal.cluster.topicError = .none
        rehearsal.advance(500)
        try rehearsal.deliver()
    }

    @Test func whyATopicIsMissingIsSaid() throws {
        let rehearsal = try Rehearsal()
        rehearsal.cluster.topicError = .unknownTopicOrPartition
        #expect(try rehearsal.send() == nil)
        let error = rehearsal.core.missingMetadata(rehearsal.core.topic("orders"), nil)
        #expect(error.message.contains("topic 'orders' not present in metadata"))
        #expect(error.message.contains(ErrorCode.unknownTopicOrPartition.message), "\(error.message)")
    }

    @Test func aBrokerThatIsJustStartingIsAskedAgain() throws {
        let rehearsal = try Rehearsal()
        rehearsal.cluster.editMetadata = { $1.brokers = [] }
        #expect(try rehearsal.send() == nil)
        rehearsal.cluster.editMetadata = { _, _ in }
        rehearsal.advance(200)
        try rehearsal.deliver()
    }

    @Test func aPartitionThatAppearsLaterIsFound() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.deliver()
        #expect(try rehearsal.send(partition: 3, within: 50) == nil)
        rehearsal.cluster.leaders = [1, 1, 2, 2]
        rehearsal.advance(500)
        try rehearsal.deliver(partition: 3)
        #expect(rehearsal.takeLog().last == "produce two 3")
    }
}

import KafkaWire
import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct TransactionTests {
    private static let offsets = TransactionOffsets(
        [
            TopicPartition(topic: "in", partition: 1): OffsetAndMetadata(9),
            TopicPartition(topic: "in", partition: 0): OffsetAndMetadata(5, metadata: "m"),
        ], group: ConsumerGroupMetadata(groupId: "g", generationId: 3, memberId: "m-1"))

    @Test("5.15 initTransactions finds the coordinator and gets the id and epoch of the transactional.id")
    func theIdentityComesFromTheCoordinator() throws {
        let it = try TimedProducer.transactional(["transaction.timeout.ms": "9000"], initialized: false)
        try it.perform(.initialize)
        #expect(it.takeLog() == ["FindCoordinator transaction pay", "InitProducerId pay 9000 -1/-1"])
        try it.close()
    }

    @Test("5.15 Without transactional.id there are no transactions")
    func withoutId() throws {
        let it = try TimedProducer()
        for call in TransactionCall.allCases {
            let error = #expect(throws: KafkaError.self) { try it.perform(call) }
            #expect(error?.kind == .illegalState)
        }
        try it.close()
    }

    @Test("5.16 Outside a transaction send throws")
    func recordsNeedATransaction() throws {
        let it = try TimedProducer.transactional()
        func refusal() -> KafkaError? { #expect(throws: KafkaError.self) { try it.send("v") } }
        #expect(refusal()?.message.contains("beginTransaction") == true)
        try it.perform(.begin)
        try it.send("v")
        try it.perform(.abort)
        #expect(refusal()?.kind == .illegalState)
        #expect(it.network.arrivals.isEmpty)
        try it.close()
    }

    @Test("5.17 Before transaction.version 2 a partition is added before its first batch is sent, and once")
    func theFormerProtocol() throws {
        let it = try TimedProducer.transactional()
        for _ in 0..<2 {
            try it.perform(.begin)
            let future = try it.send("v")
            it.advance(by: 6)
            it.answerAll()
            try it.send("w")
            it.advance(by: 6)
            it.answerAll()
            #expect(try future.get().offset == 0)
            try it.perform(.commit)
        }
        #expect(
            it.takeLog() == [
                "AddPartitionsToTxn t-0", "Produce 11 pay t-0 7000/0 from 0: v", "Produce 11 pay t-0 7000/0 from 1: w",
                "EndTxn 4 7000/0 commit",
                "AddPartitionsToTxn t-0", "Produce 11 pay t-0 7000/0 from 2: v", "Produce 11 pay t-0 7000/0 from 3: w",
                "EndTxn 4 7000/0 commit",
            ])
        try it.close()
    }

    @Test("5.17 A partition that cannot be added yet holds its batches back")
    func heldBack() throws {
        let it = try TimedProducer.transactional()
        it.network.coordinator.refusals[.addPartitionsToTxn] = [.concurrentTransactions]
        try it.perform(.begin)
        try it.send("v")
        it.advance(by: 19)
        #expect(it.takeLog() == ["AddPartitionsToTxn t-0"])
        it.advance(by: 2)
        #expect(it.takeLog() == ["AddPartitionsToTxn t-0", "Produce 11 pay t-0 7000/0 from 0: v"])
        try it.close()
    }

    @Test("5.18 With transaction.version 2 nothing is added, and each transaction has an epoch of its own")
    func theNewProtocol() throws {
        let it = try TimedProducer.transactional(version: 2)
        for _ in 0..<2 {
            try it.perform(.begin)
            try it.send("v")
            it.advance(by: 6)
            it.answerAll()
            try it.perform(.commit)
        }
        #expect(
            it.takeLog() == [
                "Produce 12 pay t-0 7000/0 from 0: v", "EndTxn 5 7000/0 commit",
                "Produce 12 pay t-0 7000/1 from 0: v", "EndTxn 5 7000/1 commit",
            ])
        try it.close()
    }

    @Test("5.19 A transaction keeps the protocol that it began with")
    func latched() throws {
        let it = try TimedProducer.transactional()
        try it.perform(.begin)
        it.network.script.transactionVersion = 2
        it.network.script.featuresEpoch += 1
        for link in it.network.links { link.close(KafkaError(.networkException, "restarted")) }
        it.advance(by: 100)
        try it.send("v")
        it.advance(by: 100)
        it.answerAll()
        try it.perform(.commit)
        #expect(
            it.takeLog() == [
                "FindCoordinator transaction pay", "AddPartitionsToTxn t-0", "Produce 11 pay t-0 7000/0 from 0: v",
                "EndTxn 4 7000/0 commit", "InitProducerId pay 60000 7000/0",
            ])
        try it.perform(.begin)
        try it.send("w")
        it.advance(by: 6)
        it.answerAll()
        try it.perform(.commit)
        #expect(it.takeLog() == ["Produce 12 pay t-0 7000/1 from 0: w", "EndTxn 5 7000/1 commit"])
        try it.close()
    }

    @Test("5.20 commitTransaction sends what lingers at once, and ends the transaction after the last answer")
    func commitFlushes() throws {
        let it = try TimedProducer.transactional(["linger.ms": "60000"])
        try it.perform(.begin)
        let future = try it.send("v")
        let commit = it.begin(.commit)
        #expect(it.takeLog() == ["AddPartitionsToTxn t-0", "Produce 11 pay t-0 7000/0 from 0: v"])
        #expect(!commit.latch.isOpen)
        it.answerAll()
        #expect(it.takeLog() == ["EndTxn 4 7000/0 commit"])
        try it.end(.commit, commit)
        #expect(future.isDone)
        try it.close()
    }

    @Test("5.21 abortTransaction fails what has not been sent, and sees the rest through")
    func abortFailsWhatWaits() throws {
        let it = try TimedProducer.transactional()
        try it.perform(.begin)
        let sent = try it.send("sent")
        it.advance(by: 6)
        let waiting = try it.send("waiting")
        let abort = it.begin(.abort)
        #expect(waiting.outcome.1?.kind == .transactionAborted)
        #expect(!abort.latch.isOpen)
        it.answerAll()
        try it.end(.abort, abort)
        #expect(sent.outcome.1 == nil)
        #expect(it.takeLog().last == "EndTxn 4 7000/0 abort")
        try it.close()
    }

    @Test("5.22 A record that fails poisons the transaction: commit throws its error, abort works")
    func aFailedSendPoisonsTheCommit() throws {
        let it = try TimedProducer.transactional()
        try it.perform(.begin)
        try it.send("v")
        it.advance(by: 6)
        it.network.arrivals.removeFirst().refuse(.topicAuthorizationFailed)
        it.settle()
        let error = try #require(throws: KafkaError.self) { try it.perform(.commit) }
        #expect(error.code == .topicAuthorizationFailed)
        #expect(error.isAbortable)
        #expect(throws: error) { try it.send("w") }
        try it.perform(.abort)
        try it.perform(.begin)
        try it.close()
    }

    @Test("5.22 So does one that never reached a batch")
    func aRecordTooLargePoisonsTheCommit() throws {
        let it = try TimedProducer.transactional(["max.request.size": "1000", "batch.size": "500"])
        try it.perform(.begin)
        let future = try it.send(String(repeating: "x", count: 2000))
        #expect(future.outcome.1?.kind == .recordTooLarge)
        it.settle()
        let error = #expect(throws: KafkaError.self) { try it.perform(.commit) }
        #expect(error?.kind == .recordTooLarge)
        try it.perform(.abort)
        try it.close()
    }

    @Test("5.22 So does one that expires")
    func anExpiredRecordPoisonsTheCommit() throws {
        let it = try TimedProducer.transactional(
            ["delivery.timeout.ms": "2000", "request.timeout.ms": "1000", "linger.ms": "0"])
        try it.perform(.begin)
        try it.send("v")
        let commit = it.begin(.commit)
        it.advance(by: 3000)
        let error = #expect(throws: KafkaError.self) { try it.end(.commit, commit) }
        #expect(error?.kind == .timeout)
        #expect(error?.isAbortable == true)
        try it.perform(.abort)
        try it.close()
    }

    @Test("5.23 A producer that is fenced throws the same error from each call, and from send")
    func fenced() throws {
        let it = try TimedProducer.transactional()
        try it.perform(.begin)
        it.network.coordinator.refusals[.addPartitionsToTxn] = [.producerFenced]
        let future = try it.send("v")
        let fence = try #require(throws: KafkaError.self) { try it.perform(.commit) }
        #expect(fence.code == .producerFenced)
        #expect(fence.isFatal)
        #expect(future.outcome.1 == fence)
        for call in TransactionCall.allCases {
            #expect(throws: fence) { try it.perform(call) }
        }
        #expect(throws: fence) { try it.send("w") }
        try it.close()
    }

    @Test("5.24 A call that timed out can only be repeated, and then has the outcome of the first")
    func timeOut() throws {
        let it = try TimedProducer.transactional()
        try it.perform(.begin)
        try it.send("v")
        it.advance(by: 6)
        let first = it.begin(.commit)
        #expect(!first.latch.isOpen)
        #expect(throws: KafkaError.self) { try it.perform(.abort) }
        let again = it.begin(.commit)
        it.answerAll()
        #expect(first.latch.isOpen)
        try it.end(.commit, again)
        #expect(it.takeLog().count { $0.hasPrefix("EndTxn") } == 1)
        try it.perform(.begin)
        try it.close()
    }

    @Test("5.25 A transaction without records and offsets asks nobody to end it", arguments: [Int16(0), 2])
    func empty(version: Int16) throws {
        let it = try TimedProducer.transactional(version: version)
        for call in [TransactionCall.commit, .abort] {
            try it.perform(.begin)
            try it.perform(call)
        }
        #expect(it.takeLog() == [])
        try it.close()
    }

    @Test("5.26 Offsets go to the group's coordinator, which is told of the member that read")
    func offsetsOfTheFormerProtocol() throws {
        let it = try TimedProducer.transactional()
        try it.perform(.begin)
        try it.perform(.sendOffsets, offsets: Self.offsets)
        try it.perform(.commit)
        #expect(
            it.takeLog() == [
                "AddOffsetsToTxn g", "FindCoordinator group g", "TxnOffsetCommit 4 g/3/m-1 in-0=5,in-1=9",
                "EndTxn 4 7000/0 commit",
            ])
        try it.close()
    }

    @Test("5.26 With transaction.version 2 the group is not added first")
    func offsetsOfTheNewProtocol() throws {
        let it = try TimedProducer.transactional(version: 2)
        try it.perform(.begin)
        try it.perform(.sendOffsets, offsets: Self.offsets)
        try it.perform(.commit)
        #expect(
            it.takeLog() == [
                "FindCoordinator group g", "TxnOffsetCommit 5 g/3/m-1 in-0=5,in-1=9", "EndTxn 5 7000/0 commit",
            ])
        try it.close()
    }

    @Test("5.27 After an abort that leaves a gap in the sequences the next epoch is asked for")
    func aGapTakesANewEpoch() throws {
        let it = try TimedProducer.transactional()
        try it.perform(.begin)
        try it.send("v")
        it.advance(by: 6)
        it.network.arrivals.removeFirst().refuse(.outOfOrderSequenceNumber)
        it.settle()
        try it.perform(.abort)
        try it.perform(.begin)
        try it.send("w")
        it.advance(by: 6)
        it.answerAll()
        try it.perform(.commit)
        #expect(
            it.takeLog() == [
                "AddPartitionsToTxn t-0", "Produce 11 pay t-0 7000/0 from 0: v", "EndTxn 4 7000/0 abort",
                "InitProducerId pay 60000 7000/0", "AddPartitionsToTxn t-0", "Produce 11 pay t-0 7000/1 from 0: w",
                "EndTxn 4 7000/1 commit",
            ])
        try it.close()
    }

    @Test(
        "5.29 A coordinator that has moved or is loading is asked again after a pause",
        arguments: [ErrorCode.notCoordinator, .coordinatorNotAvailable, .coordinatorLoadInProgress])
    func movedCoordinator(code: ErrorCode) throws {
        let it = try TimedProducer.transactional(version: 2)
        try it.perform(.begin)
        try it.send("v")
        it.advance(by: 6)
        it.answerAll()
        it.network.coordinator.refusals[.endTxn] = [code, code]
        let commit = it.begin(.commit)
        #expect(it.takeLog().count { $0.hasPrefix("EndTxn") } == 1)
        it.advance(by: 79)
        #expect(it.takeLog() == [])
        it.advance(by: 500)
        try it.end(.commit, commit)
        let log = it.takeLog()
        #expect(log.count { $0.hasPrefix("EndTxn") } == 2)
        #expect(log.count { $0.hasPrefix("FindCoordinator") } == (code == .coordinatorLoadInProgress ? 0 : 2))
        try it.close()
    }
}

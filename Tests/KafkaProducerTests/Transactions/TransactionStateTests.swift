import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct TransactionStateTests {
    typealias It = TransactionTranscript

    @Test func aTransactionOfTheFormerProtocolAddsPartitionsAndOffsetsAndEnds() throws {
        let it = It()
        try it.call(.initialize)
        #expect(it.exchange(.found(1)) == .findCoordinator(.transaction))
        #expect(it.exchange(.identified(It.first)) == .initProducerId)
        #expect(it.see() == [.init(call: .initialize)])
        try it.call(.begin)
        #expect(it.send() == nil)
        #expect(!it.mayWrite(to: It.orders))
        #expect(!it.mayWrite(to: It.audit))
        #expect(it.exchange(.added) == .addPartitions([It.orders, It.audit]))
        #expect(it.mayWrite(to: It.orders))
        try it.call(.sendOffsets)
        #expect(it.exchange(.added) == .addOffsets(It.offsets))
        #expect(it.exchange(.found(2)) == .findCoordinator(.group("g")))
        #expect(it.state.node(for: .commitOffsets(It.offsets)) == 2)
        #expect(it.exchange(.added) == .commitOffsets(It.offsets))
        #expect(it.see() == [.init(call: .sendOffsets)])
        try it.call(.commit)
        it.hasIncompleteBatches = true
        #expect(it.send() == nil)
        it.hasIncompleteBatches = false
        #expect(it.exchange(.ended(nil)) == .end(committed: true))
        #expect(it.see() == [.init(call: .commit)])
        #expect(it.state.phase == .ready)
        #expect(it.state.identity == It.first)
    }

    @Test func aTransactionOfTheNewProtocolAddsNothingAndGetsItsNextEpoch() throws {
        let it = try It.initialized(version: .implicit)
        try it.call(.begin)
        #expect(it.mayWrite(to: It.orders))
        try it.call(.sendOffsets)
        #expect(it.exchange(.found(2)) == .findCoordinator(.group("g")))
        #expect(it.exchange(.added) == .commitOffsets(It.offsets))
        try it.call(.commit)
        #expect(it.exchange(.ended(It.second)) == .end(committed: true))
        #expect(it.see() == [.init(call: .sendOffsets), .init(call: .commit)])
        #expect(it.state.identity == It.second)
    }

    @Test(arguments: [TransactionCall.commit, .abort])
    func anEmptyTransactionAsksNobody(call: TransactionCall) throws {
        let it = try It.initialized()
        try it.call(.begin)
        try it.call(call)
        #expect(it.send() == nil)
        #expect(it.see() == [.init(call: call)])
        #expect(it.state.phase == .ready)
    }

    @Test func theProtocolIsLatchedWhenATransactionBegins() throws {
        let it = try It.open()
        it.state.finalized = .implicit
        #expect(!it.mayWrite(to: It.audit))
        #expect(it.state.version == .explicit)
    }

    @Test func theFirstTransactionOfTheNewProtocolHasAnEpochOfItsOwn() throws {
        let it = try It.open()
        it.state.finalized = .implicit
        try it.call(.commit)
        it.exchange(.ended(nil))
        #expect(it.see() == [])
        #expect(it.exchange(.identified(It.second)) == .initProducerId)
        #expect(it.see() == [.init(call: .commit)])
        try it.call(.begin)
        #expect(it.state.version == .implicit)
    }

    @Test func usedUpEpochsGiveANewProducerId() throws {
        let next = ProducerIdentity(id: 8, epoch: 0)
        let new = try It.open(version: .implicit)
        try new.call(.commit)
        new.exchange(.ended(next))
        #expect(new.state.identity == next)
        let former = try It.open()
        former.state.batchFailed(KafkaError(.timeout, "expired"), leavesGap: true)
        try former.call(.abort)
        former.exchange(.ended(nil))
        former.exchange(.identified(next))
        #expect(former.state.identity == next)
    }

    // MARK: - Coordinators

    @Test(arguments: [ErrorCode.notCoordinator, .coordinatorNotAvailable])
    func aCoordinatorThatMovedIsFoundAgain(code: ErrorCode) throws {
        let it = try It.open()
        try it.call(.commit)
        _ = it.send()
        #expect(it.answered(.refused(code)) == .backoff)
        #expect(it.exchange(.found(3)) == .findCoordinator(.transaction))
        #expect(it.send() == .end(committed: true))
        #expect(it.state.node(for: .end(committed: true)) == 3)
    }

    @Test func aRequestWhoseConnectionIsLostIsRepeatedAtTheCoordinatorOfToday() throws {
        let it = try It.open()
        try it.call(.commit)
        _ = it.send()
        #expect(it.answered(.lost) == .backoff)
        #expect(it.exchange(.found(1)) == .findCoordinator(.transaction))
        #expect(it.send() == .end(committed: true))
    }

    @Test func aNodeThatCannotBeReachedCoordinatesNothing() throws {
        let it = try It.open()
        it.state.lost(node: 1)
        try it.call(.commit)
        #expect(it.send() == .findCoordinator(.transaction))
    }

    @Test func theFirstPartitionWaitsShortlyForTheTransactionBefore() throws {
        let it = try It.initialized()
        try it.call(.begin)
        _ = it.mayWrite(to: It.orders)
        _ = it.send()
        #expect(it.answered(.refused(.concurrentTransactions)) == .short)
        it.exchange(.added)
        _ = it.mayWrite(to: It.audit)
        #expect(it.send() == .addPartitions([It.audit]))
        #expect(it.answered(.refused(.concurrentTransactions)) == .backoff)
    }

    // MARK: - Errors

    @Test func aFailedSendPoisonsTheCommit() throws {
        let it = try It.open()
        it.state.batchFailed(KafkaError(.messageTooLarge), leavesGap: false)
        let error = #expect(throws: KafkaError.self) { try it.call(.commit) }
        #expect(error?.code == .messageTooLarge)
        #expect(error?.isAbortable == true)
        try it.call(.abort)
        #expect(it.exchange(.ended(nil)) == .end(committed: false))
        #expect(it.see() == [.init(call: .abort)])
        try it.call(.begin)
    }

    @Test func aSendThatFailsDuringACommitFailsIt() throws {
        let it = try It.open()
        try it.call(.commit)
        it.state.batchFailed(KafkaError(.timeout, "expired"), leavesGap: true)
        #expect(it.see().map(\.error?.isAbortable) == [true])
        #expect(it.send() == nil)
        try it.call(.abort)
        #expect(it.exchange(.ended(nil)) == .end(committed: false))
    }

    @Test func aGapInTheSequencesTakesANewEpochBeforeTheNextTransaction() throws {
        let it = try It.open()
        it.state.batchFailed(KafkaError(.timeout, "expired"), leavesGap: true)
        try it.call(.abort)
        it.exchange(.ended(nil))
        #expect(it.see() == [])
        #expect(it.exchange(.identified(It.second)) == .initProducerId)
        #expect(it.see() == [.init(call: .abort)])
        #expect(it.state.identity == It.second)
    }

    @Test func theNewProtocolNeedsNoRequestForThatEpoch() throws {
        let it = try It.open(version: .implicit)
        it.state.batchFailed(KafkaError(.timeout, "expired"), leavesGap: true)
        try it.call(.abort)
        it.exchange(.ended(It.second))
        #expect(it.see() == [.init(call: .abort)])
        #expect(it.state.phase == .ready)
    }

    @Test func aCoordinatorTooOldForANewEpochMakesTheGapFatal() throws {
        let it = try It.open(canBumpEpoch: false)
        it.state.batchFailed(KafkaError(.timeout, "expired"), leavesGap: true)
        #expect(it.state.phase == .fatalError)
        #expect(it.state.error?.isFatal == true)
    }

    @Test(arguments: [ErrorCode.producerFenced, .invalidProducerEpoch])
    func aFencedProducerThrowsTheSameErrorFromEachCall(code: ErrorCode) throws {
        let it = try It.open()
        try it.call(.commit)
        it.exchange(.refused(code))
        let ends = it.see()
        #expect(ends.map(\.error?.code) == [.producerFenced])
        for call in TransactionCall.allCases {
            let error = #expect(throws: KafkaError.self) { try it.call(call) }
            #expect(error == ends.first?.error)
        }
        #expect(it.send() == nil)
    }

    @Test func aProducerThatTheCoordinatorHasForgottenEndsNothingAndStartsAnew() throws {
        let it = try It.open()
        _ = it.mayWrite(to: It.audit)
        it.exchange(.refused(.invalidProducerIdMapping))
        #expect(it.state.phase == .abortableError)
        try it.call(.abort)
        #expect(it.exchange(.identified(ProducerIdentity(id: 9, epoch: 0))) == .initProducerId)
        #expect(it.see() == [.init(call: .abort)])
    }

    @Test func anInitThatIsToBeAbortedMayBeCalledAgain() throws {
        let it = It()
        try it.call(.initialize)
        it.exchange(.found(1))
        it.exchange(.refused(.transactionAbortable))
        #expect(it.see().map(\.error?.code) == [.transactionAbortable])
        try it.call(.initialize)
        #expect(it.send() == .initProducerId)
    }

    @Test func offsetsThatCannotBeCommittedFailWithTheTransaction() throws {
        let it = try It.open()
        try it.call(.sendOffsets)
        it.exchange(.added)
        it.exchange(.found(1))
        it.exchange(.refused(.illegalGeneration))
        let ends = it.see()
        #expect(ends.map(\.call) == [.sendOffsets])
        #expect(ends.first?.error?.isAbortable == true)
        #expect(it.state.phase == .abortableError)
    }

    // MARK: - Aborts

    @Test func anAbortForgetsPartitionsThatWereNeverAdded() throws {
        let it = try It.initialized()
        try it.call(.begin)
        _ = it.mayWrite(to: It.orders)
        try it.call(.abort)
        #expect(it.send() == nil)
        #expect(it.see() == [.init(call: .abort)])
    }

    @Test func anAbortAddsAPartitionThatMayHaveBeenAddedSoThatThereIsSomethingToEnd() throws {
        let it = try It.initialized()
        try it.call(.begin)
        _ = it.mayWrite(to: It.orders)
        it.exchange(.lost)
        try it.call(.abort)
        it.exchange(.found(1))
        #expect(it.exchange(.added) == .addPartitions([It.orders]))
        #expect(it.exchange(.ended(nil)) == .end(committed: false))
    }

    // MARK: - Time-outs

    @Test(arguments: [TransactionPhase.initializing, .committing, .aborting])
    func aCallThatHasNotEndedCanOnlyBeRepeated(phase: TransactionPhase) throws {
        let it = try It.at(phase)
        let pending = try #require(it.state.pending)
        for call in TransactionCall.allCases where call != pending {
            let error = #expect(throws: KafkaError.self) { try it.call(call) }
            #expect(error?.kind == .illegalState)
            #expect(error?.message.contains(pending.rawValue) == true)
        }
        #expect(try it.admit(pending) == .joined)
    }

    @Test func theEndOfACallThatTimedOutIsSeenByRepeatingIt() throws {
        let it = try It.open()
        try it.call(.commit)
        it.exchange(.ended(nil))
        let finished = it.state.takeFinished()
        #expect(finished == [.init(call: .commit)])
        #expect(throws: KafkaError.self) { try it.call(.begin) }
        #expect(try it.admit(.commit) == .joined)
        it.state.acknowledged(.commit)
        try it.call(.begin)
    }

    /// The first answer was lost, and another producer has used the epochs of the id up since: what became of the commit
    /// is not known, and it must not be taken for one that failed.
    @Test func aRepeatedCommitThatNobodyKnowsOfIsFatal() throws {
        let it = try It.open(version: .implicit)
        try it.call(.commit)
        #expect(it.exchange(.lost) == .end(committed: true))
        it.exchange(.found(1))
        #expect(it.exchange(.refused(.invalidProducerIdMapping)) == .end(committed: true))
        #expect(it.see().map(\.error?.isFatal) == [true])
        #expect(it.state.phase == .fatalError)
    }

    @Test func aFirstCommitThatNobodyKnowsOfIsAborted() throws {
        let it = try It.open(version: .implicit)
        try it.call(.commit)
        it.exchange(.refused(.invalidProducerIdMapping))
        #expect(it.see().map(\.error?.isAbortable) == [true])
    }
}

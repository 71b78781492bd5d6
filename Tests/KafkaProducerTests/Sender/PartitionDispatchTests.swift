import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct PartitionDispatchTests {
    let a = TestBatch("a", count: 2)
    let b = TestBatch("b", count: 3)
    let c = TestBatch("c")

    @Test func sequencesFollowTheCountsOfRecords() {
        let it = DispatchTranscript()
        it.send(a, b, c)
        #expect([a.baseSequence, b.baseSequence, c.baseSequence] == [0, 2, 5])
        #expect([a, b, c].allSatisfy { $0.identity == DispatchTranscript.first && $0.attempts == 1 })
    }

    @Test func withoutIdempotenceNothingIsNumbered() {
        let it = DispatchTranscript()
        it.rules.isIdempotent = false
        it.current = nil
        it.send(a)
        #expect(a.identity == nil)
        #expect(a.baseSequence == -1)
    }

    @Test("5.6 Five batches may be in flight")
    func fiveBatchesMayBeInFlight() {
        let it = DispatchTranscript.established()
        for index in 0..<5 {
            #expect(it.turn == .new)
            it.send(TestBatch("\(index)"))
        }
        #expect(it.turn == .blocked)
        it.dispatch.stored(it.dispatch.inFlight[0])
        #expect(it.turn == .new)
    }

    /// A broker recognises a batch that is repeated among the last five.
    @Test("5.6 Nothing goes further than five ahead of the oldest that is not stored")
    func nothingGoesFurtherThanFiveAheadOfTheOldest() {
        let it = DispatchTranscript.established()
        it.send(a, b, c)
        it.dispatch.stored(b)
        it.dispatch.stored(c)
        it.send(TestBatch("d"), TestBatch("e"))
        #expect(it.turn == .blocked)
        it.dispatch.stored(a)
        #expect(it.turn == .new)
    }

    /// A broker accepts any sequence from a producer that it does not know: were the first batch refused and the
    /// second accepted, the first could never be stored (KAFKA-14359).
    @Test("5.13 The first batch of an identity goes alone")
    func theFirstBatchOfAnIdentityGoesAlone() {
        let it = DispatchTranscript()
        it.send(a)
        #expect(it.turn == .blocked)
        it.repeatLater(a)
        #expect(it.sendRetry() == "a")
        #expect(it.turn == .blocked)
        it.dispatch.stored(a)
        #expect(it.turn == .new)
    }

    @Test("3.11 What fails out of order is repeated in order of sequence")
    func reorderedFailuresAreRepeatedInOrderOfSequence() {
        let it = DispatchTranscript.established()
        it.send(a, b, c)
        it.repeatLater(c, a, b)
        #expect(it.retries == ["a", "b", "c"])
        #expect(it.sendRetry() == "a")
        #expect(it.sendRetry() == "b")
        #expect(it.sendRetry() == "c")
        #expect(it.inFlight == ["a", "b", "c"])
        #expect(a.attempts == 2)
    }

    @Test("5.11 A repeated batch keeps its sequence")
    func aRepeatedBatchKeepsItsSequence() {
        let it = DispatchTranscript.established()
        it.send(a, b)
        let sequence = b.baseSequence
        it.repeatLater(b)
        it.dispatch.stored(a)
        #expect(it.sendRetry() == "b")
        #expect(b.baseSequence == sequence)
    }

    /// The broker keeps the order: what comes out of sequence is refused, and repeated.
    @Test func retriesDoNotWaitForOneAnother() {
        let it = DispatchTranscript.established()
        it.send(a, b, c)
        it.repeatLater(a, b)
        #expect(it.turn == .retry)
        #expect(it.sendRetry() == "a")
        #expect(it.turn == .retry)
        #expect(it.sendRetry() == "b")
    }

    @Test("3.11 Nothing new goes before what is to be repeated")
    func nothingNewGoesWhileSomethingIsToBeRepeated() {
        let it = DispatchTranscript.established()
        it.send(a, b)
        it.repeatLater(a)
        #expect(it.turn == .retry)
    }

    @Test("3.10 With one in flight a partition is mute until its batch is done")
    func oneInFlightMutesThePartition() {
        let it = DispatchTranscript()
        it.rules = DispatchRules(maxInFlight: 1, isIdempotent: false)
        it.current = nil
        #expect(it.turn == .new)
        it.send(a)
        #expect(it.turn == .blocked)
        it.repeatLater(a)
        #expect(it.turn == .retry)
        #expect(it.sendRetry() == "a")
        #expect(it.turn == .blocked)
        it.dispatch.failed(a)
        #expect(it.turn == .new)
    }

    @Test("3.20 A batch that failed leaves a gap that only a new epoch closes")
    func aBatchThatFailedLeavesAGapThatOnlyANewEpochCloses() {
        let it = DispatchTranscript.established()
        it.send(a, b)
        it.dispatch.failed(a)
        #expect(it.dispatch.hasGap)
        #expect(it.turn == .blocked)
        #expect(it.dispatch.spentIdentity == nil)
        it.dispatch.stored(b)
        #expect(it.dispatch.spentIdentity == DispatchTranscript.first)
        #expect(it.turn == .blocked)
        it.current = DispatchTranscript.second
        #expect(it.turn == .new)
        it.send(c)
        #expect(c.identity == DispatchTranscript.second)
        #expect(c.baseSequence == 0)
        #expect(!it.dispatch.hasGap)
    }

    @Test("3.19 A batch that was never sent leaves no gap")
    func aBatchThatWasNeverSentLeavesNoGap() {
        let it = DispatchTranscript.established()
        it.dispatch.failed(a)
        #expect(!it.dispatch.hasGap)
        #expect(it.turn == .new)
    }

    @Test("5.9 What is pending is numbered anew when all on the wire has come back")
    func whatIsPendingIsRenumberedWhenAllOnTheWireHasComeBack() {
        let it = DispatchTranscript.established()
        it.send(a, b, c)
        it.repeatLater(a)
        it.dispatch.requireRenumbering()
        #expect(it.turn == .blocked)
        #expect(it.dispatch.spentIdentity == nil)
        it.repeatLater(b, c)
        #expect(it.dispatch.spentIdentity == DispatchTranscript.first)
        #expect(it.turn == .blocked)

        it.current = DispatchTranscript.second
        #expect(it.turn == .retry)
        #expect(it.sendRetry() == "a")
        #expect([a.baseSequence, b.baseSequence, c.baseSequence] == [0, 2, 5])
        #expect([a, b, c].allSatisfy { $0.identity == DispatchTranscript.second })
        #expect(it.dispatch.spentIdentity == nil)
    }

    @Test func anotherPartitionsNewEpochBeginsOnceNothingOfTheOldOneIsUnderWay() {
        let it = DispatchTranscript.established()
        it.send(a)
        it.current = DispatchTranscript.second
        #expect(it.turn == .blocked)
        it.repeatLater(a)
        #expect(it.turn == .retry)
        #expect(it.sendRetry() == "a")
        #expect(a.identity == DispatchTranscript.first)
        it.dispatch.stored(a)
        #expect(it.turn == .new)
        it.send(b)
        #expect(b.identity == DispatchTranscript.second)
        #expect(b.baseSequence == 0)
    }

    @Test func withoutAnIdentityNothingIdempotentGoes() {
        let it = DispatchTranscript.established()
        it.send(a)
        it.repeatLater(a)
        it.dispatch.requireRenumbering()
        it.current = nil
        #expect(it.sendRetry() == nil)
        #expect(it.retries == ["a"])
    }

    @Test("3.3 The pause of a batch holds what is behind it too")
    func thePauseHoldsTheWholePartition() {
        let it = DispatchTranscript.established()
        it.send(a, b)
        it.repeatLater(a, at: 100)
        #expect(it.turn == .waiting(until: .ms(100)))
        it.repeatLater(b, at: 50)
        #expect(it.turn == .waiting(until: .ms(100)))
        it.now = .ms(100)
        #expect(it.turn == .retry)
    }

    @Test("3.6 A new leader ends the pause")
    func aNewLeaderEndsThePause() {
        let it = DispatchTranscript.established()
        it.send(a)
        it.repeatLater(a, at: 100)
        it.dispatch.skipBackoff()
        #expect(it.turn == .retry)
    }

    @Test func failuresAreCountedUntilSomethingIsStored() {
        let it = DispatchTranscript.established()
        it.send(a, b)
        it.repeatLater(a, b)
        #expect(it.dispatch.failureCount == 2)
        #expect(it.sendRetry() == "a")
        it.dispatch.stored(a)
        #expect(it.dispatch.failureCount == 0)
    }

    @Test func theFirstBatchIsTheOneOfTheLowestSequence() {
        let it = DispatchTranscript.established()
        it.send(a, b, c)
        #expect(it.dispatch.isFirst(a))
        #expect(!it.dispatch.isFirst(b))
        it.repeatLater(a)
        #expect(!it.dispatch.isFirst(b))
        it.dispatch.failed(a)
        #expect(it.dispatch.isFirst(b))
    }

    // MARK: - Batches that are too large

    @Test func piecesTakeThePlaceAndTheSequencesOfTheWhole() {
        let it = DispatchTranscript.established()
        it.send(a, b, c)
        it.repeatLater(b, at: 50)
        it.repeatLater(c, at: 50)
        let pieces = [TestBatch("a1"), TestBatch("a2")]
        it.split(a, into: pieces)
        #expect(it.retries == ["a1", "a2", "b", "c"])
        #expect(pieces.map(\.baseSequence) == [1, 2])
        #expect(pieces.allSatisfy { $0.identity == DispatchTranscript.first })
        it.now = .ms(50)
        #expect(it.sendRetry() == "a1")
        #expect(it.sendRetry() == "a2")
        it.dispatch.stored(pieces[0])
        it.dispatch.stored(pieces[1])
        #expect(it.sendRetry() == "b")
    }

    @Test("3.13 Pieces of a batch wait for no pause")
    func piecesWaitForNoPause() {
        let it = DispatchTranscript.established()
        it.send(a)
        it.split(a, into: [TestBatch("a1"), TestBatch("a2")])
        #expect(it.turn == .retry)
        #expect(it.dispatch.failureCount == 0)
    }

    /// A broker recognises repeated batches among the last five; more pieces than that may not be under way.
    @Test func noMoreThanFivePiecesAreUnderWay() {
        let it = DispatchTranscript.established()
        let large = TestBatch("large", count: 7)
        it.send(large, b)
        let pieces = (0..<7).map { TestBatch("piece \($0)") }
        it.split(large, into: pieces)
        it.repeatLater(b)
        for _ in 0..<5 {
            #expect(it.turn == .retry)
            _ = it.sendRetry()
        }
        #expect(it.turn == .blocked)
        it.dispatch.stored(pieces[1])
        #expect(it.turn == .blocked)
        it.dispatch.stored(pieces[0])
        #expect(it.turn == .retry)
        #expect(it.sendRetry() == "piece 5")
    }

    @Test func withoutIdempotencePiecesGoFirst() {
        let it = DispatchTranscript()
        it.rules.isIdempotent = false
        it.current = nil
        it.send(a, b)
        it.repeatLater(b)
        let pieces = [TestBatch("a1"), TestBatch("a2")]
        it.split(a, into: pieces)
        #expect(it.retries == ["a1", "a2", "b"])
        #expect(pieces.map(\.baseSequence) == [-1, -1])
    }
}

import Testing

@testable import KafkaProducer

@Suite struct Sequence32Tests {
    @Test(
        "5.7 Sequences wrap to 0",
        arguments: [
            (5, 5, 10), (Int32.max, 1, 0), (Int32.max - 5, 10, 4), (0, 0, 0), (Int32.max, Int32.max, Int32.max - 1),
        ])
    func sequencesWrapToZero(start: Int32, count: Int32, expected: Int32) {
        #expect(Sequence32.advance(start, by: count) == expected)
    }

    @Test("5.7 The sequence before 0 is the last one")
    func oneBeforeZeroIsTheLast() {
        #expect(Sequence32.advance(0, by: -1) == .max)
    }

    @Test func orderGoesOverTheWrap() {
        #expect(Sequence32.precedes(1, 2))
        #expect(!Sequence32.precedes(2, 1))
        #expect(!Sequence32.precedes(2, 2))
        #expect(Sequence32.precedes(.max, 0))
        #expect(!Sequence32.precedes(0, .max))
        #expect(Sequence32.precedes(.max - 5, 4))
    }

    @Test("5.7 Batches are repeated in order over the wrap")
    func retriesStayInOrderOverTheWrap() {
        var dispatch = PartitionDispatch<TestBatch>()
        let (filler, last, wrapped) = (TestBatch("filler", count: .max), TestBatch("last"), TestBatch("wrapped"))
        for batch in [filler, last, wrapped] { dispatch.dispatch(new: batch, current: DispatchTranscript.first) }
        #expect(last.baseSequence == .max)
        #expect(wrapped.baseSequence == 0)
        dispatch.stored(filler)
        for batch in [wrapped, last] { dispatch.retry(batch, at: .ms(0), keepingOrder: true) }
        #expect(dispatch.retries.map(\.name) == ["last", "wrapped"])
    }

    @Test func epochsAreUsedUpAtTheEndOf16Bits() {
        #expect(ProducerIdentity(id: 1, epoch: 5).bumped == ProducerIdentity(id: 1, epoch: 6))
        #expect(ProducerIdentity(id: 1, epoch: .max).bumped == nil)
    }
}

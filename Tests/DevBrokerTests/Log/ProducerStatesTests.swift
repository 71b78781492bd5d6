import KafkaWire
import Testing

@testable import DevBroker

@Suite struct ProducerStatesTests {
    private var states = ProducerStates()

    private func check(_ sequence: Int32, count: Int32 = 1, epoch: Int16 = 0) -> ProducerStates.Verdict {
        states.check(producerId: 7, epoch: epoch, sequences: SequenceRange(first: sequence, count: count))
    }

    private mutating func append(_ sequence: Int32, count: Int32 = 1, epoch: Int16 = 0, at offset: Int64) {
        let sequences = SequenceRange(first: sequence, count: count)
        #expect(states.check(producerId: 7, epoch: epoch, sequences: sequences) == .append)
        states.appended(producerId: 7, epoch: epoch, sequences: sequences, baseOffset: offset)
    }

    private func code(_ verdict: ProducerStates.Verdict) -> ErrorCode? {
        if case .refuse(let refusal) = verdict { refusal.code } else { nil }
    }

    @Test mutating func theNextSequenceIsAppended() {
        append(0, count: 3, at: 0)
        append(3, count: 2, at: 3)
        #expect(check(5) == .append)
    }

    @Test mutating func eachOfTheLastFiveBatchesIsRecognised() {
        for batch in 0..<7 { append(Int32(batch) * 2, count: 2, at: Int64(batch) * 2) }
        for batch in 2..<7 {
            #expect(check(Int32(batch) * 2, count: 2) == .duplicate(baseOffset: Int64(batch) * 2))
        }
    }

    @Test mutating func aBatchOlderThanTheLastFiveIsADuplicateWithoutOffset() {
        for batch in 0..<7 { append(Int32(batch) * 2, count: 2, at: Int64(batch) * 2) }
        #expect(code(check(2, count: 2)) == .outOfOrderSequenceNumber)
    }

    @Test mutating func aGapIsOutOfOrder() {
        append(0, at: 0)
        #expect(code(check(2)) == .outOfOrderSequenceNumber)
    }

    @Test mutating func aBatchThatOverlapsAnotherIsOutOfOrder() {
        append(0, count: 4, at: 0)
        #expect(code(check(2, count: 4)) == .outOfOrderSequenceNumber)
        #expect(code(check(0, count: 3)) == .outOfOrderSequenceNumber)
    }

    @Test mutating func sequencesGoOnWithZeroAfterTheLargest() {
        append(.max - 1, count: 2, at: 0)
        #expect(code(check(1)) == .outOfOrderSequenceNumber)
        append(0, at: 2)
        #expect(check(.max - 1, count: 2) == .duplicate(baseOffset: 0))
    }

    @Test mutating func aBatchMayCrossTheLargestSequence() {
        append(.max - 5, count: 10, at: 0)
        #expect(check(4) == .append)
        #expect(code(check(.max - 6)) == .outOfOrderSequenceNumber)
    }

    @Test mutating func anOlderEpochIsRefused() {
        append(0, epoch: 3, at: 0)
        #expect(code(check(1, epoch: 2)) == .invalidProducerEpoch)
    }

    @Test mutating func aNewEpochBeginsWithSequenceZero() {
        append(0, count: 5, at: 0)
        #expect(code(check(5, epoch: 1)) == .outOfOrderSequenceNumber)
        append(0, epoch: 1, at: 5)
        #expect(check(0, epoch: 1) == .duplicate(baseOffset: 5))
    }

    @Test func anUnknownProducerMayBeginAnywhere() {
        #expect(check(42, epoch: 9) == .append)
    }

    @Test mutating func producersThatWereSilentForLongestAreForgotten() {
        states = ProducerStates(limit: 4)
        for producer in 0..<5 {
            let sequences = SequenceRange(first: 0, count: 1)
            states.appended(
                producerId: Int64(producer), epoch: 0, sequences: sequences, baseOffset: Int64(producer))
        }
        let sequences = SequenceRange(first: 0, count: 1)
        #expect(states.check(producerId: 0, epoch: 0, sequences: sequences) == .append)
        #expect(states.check(producerId: 4, epoch: 0, sequences: sequences) == .duplicate(baseOffset: 4))
    }
}

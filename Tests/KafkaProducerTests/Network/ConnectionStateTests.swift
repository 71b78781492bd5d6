import KafkaWire
import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct ConnectionStateTests {
    var state = ConnectionState<String>()

    @Test mutating func answersBelongToRequestsInOrder() throws {
        let ids = [sent("a"), sent("b")]
        #expect(ids == [0, 1])
        let answered = [try state.answered(0).context, try state.answered(1).context]
        #expect(answered == ["a", "b"])
    }

    @Test mutating func anAnswerToALaterRequestIsAnError() {
        _ = sent("a")
        let later = sent("b")
        #expect(throws: KafkaError(.malformed, "answer 1 came where 0 was expected")) { try state.answered(later) }
        #expect(state.pending.count == 2)
    }

    @Test mutating func anAnswerThatNobodyAskedForIsAnError() {
        #expect(throws: KafkaError(.malformed, "an answer that nobody asked for")) { try state.answered(0) }
    }

    @Test mutating func requestsWithoutAnAnswerTakeANumber() throws {
        let ids = [state.takeCorrelationId(), sent("a")]
        #expect(ids == [0, 1])
        let answered = try state.answered(1).context
        #expect(answered == "a")
    }

    @Test mutating func theRequestThatWaitsTooLongIsFound() {
        _ = sent("slow", by: 100)
        _ = sent("quick", by: 50)
        #expect(state.nextDeadline == .ms(50))
        #expect(state.overdue(at: .ms(49)) == nil)
        #expect(state.overdue(at: .ms(50))?.context == "quick")
        #expect(state.overdue(at: .ms(100))?.context == "slow")
    }

    @Test mutating func whatIsAbandonedIsGone() {
        _ = sent("a")
        _ = sent("b")
        let abandoned = state.abandon().map(\.context)
        #expect(abandoned == ["a", "b"])
        #expect(state.pending.isEmpty)
        #expect(state.nextDeadline == nil)
    }

    @Test mutating func aConnectionIsIdleSinceItWasUsedLast() {
        state.used(at: .ms(30))
        state.used(at: .ms(20))
        #expect(state.idleDeadline(maximum: .milliseconds(100)) == .ms(130))
    }

    @Test mutating func aConnectionWithARequestUnderWayIsNotIdle() throws {
        _ = sent("a")
        #expect(state.idleDeadline(maximum: .milliseconds(100)) == nil)
        _ = try state.answered(0)
        #expect(state.idleDeadline(maximum: .milliseconds(100)) != nil)
    }

    @Test mutating func aConnectionIsNotIdleBeforeTheSocketHasWhatGetsNoAnswer() {
        state.beganWriting()
        #expect(state.idleDeadline(maximum: .milliseconds(100)) == nil)
        state.endedWriting()
        #expect(state.idleDeadline(maximum: .milliseconds(100)) != nil)
    }

    private mutating func sent(_ name: String, by milliseconds: Int64 = 0) -> Int32 {
        state.sent(.produce, version: 3, deadline: .ms(milliseconds), context: name)
    }
}

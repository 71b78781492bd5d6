import NIOCore
import TestSupport
import Testing

@testable import KafkaProducer

@Suite struct MetadataStateTests {
    var generator = SeededGenerator(seed: 1)
    var state = MetadataState(
        maximumAge: .seconds(300),
        backoff: ExponentialBackoff(initial: .milliseconds(100), maximum: .milliseconds(1000)))

    @Test func nothingIsAskedUntilSomebodyWantsToKnow() {
        #expect(state.nextQuestion(at: .ms(0)) == nil)
    }

    @Test mutating func aWishIsAskedAtOnceAndOnlyOnce() {
        state.want()
        #expect(state.nextQuestion(at: .ms(5)) == .ms(5))
        state.asked()
        #expect(state.nextQuestion(at: .ms(6)) == nil)
        state.want()
        #expect(state.nextQuestion(at: .ms(7)) == nil)
    }

    @Test("4.17 Metadata is asked for anew when it is too old")
    mutating func anAnswerIsAskedForAgainWhenItIsTooOld() {
        answer(at: 0)
        #expect(state.nextQuestion(at: .ms(10)) == .ms(300_000))
    }

    @Test mutating func aWishDuringAQuestionIsAskedAfterTheAnswer() {
        state.want()
        state.asked()
        state.want(immediately: true)
        state.answered(at: .ms(3), isComplete: true, using: &generator)
        #expect(state.nextQuestion(at: .ms(3)) == .ms(3))
    }

    /// A partition that is not there, or a leader that nobody knows, must not make a question of every answer.
    @Test mutating func aWishSoonAfterAnAnswerWaitsForThePause() {
        answer(at: 0)
        state.want()
        #expect(state.nextQuestion(at: .ms(10)) == .ms(100))
        #expect(state.nextQuestion(at: .ms(150)) == .ms(150))
    }

    @Test mutating func aNewTopicDoesNotWait() {
        answer(at: 0)
        state.want(immediately: true)
        #expect(state.nextQuestion(at: .ms(10)) == .ms(10))
    }

    @Test mutating func pausesGrowWhileQuestionsFail() throws {
        state.want()
        for range in [80...120, 160...240, 320...480] {
            state.asked()
            state.failed(at: .ms(0), using: &generator)
            let next = try #require(state.nextQuestion(at: .ms(0)))
            #expect((NIODeadline.ms(Int64(range.lowerBound))...NIODeadline.ms(Int64(range.upperBound))).contains(next))
        }
        answer(at: 1000)
        state.asked()
        state.failed(at: .ms(1000), using: &generator)
        let next = try #require(state.nextQuestion(at: .ms(1000)))
        #expect(next <= .ms(1120))
    }

    @Test mutating func whatIsMissingIsAskedForAgain() throws {
        state.want()
        state.asked()
        state.answered(at: .ms(0), isComplete: false, using: &generator)
        let next = try #require(state.nextQuestion(at: .ms(0)))
        #expect(next >= .ms(80) && next <= .ms(120))
    }

    private mutating func answer(at milliseconds: Int64) {
        state.want()
        state.asked()
        state.answered(at: .ms(milliseconds), isComplete: true, using: &generator)
    }
}

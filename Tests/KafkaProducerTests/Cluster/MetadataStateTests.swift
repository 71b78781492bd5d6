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
        ask(at: 5)
        #expect(state.nextQuestion(at: .ms(6)) == nil)
        state.want()
        #expect(state.nextQuestion(at: .ms(7)) == nil)
    }

    @Test("4.17 Metadata is asked for anew when it is too old")
    mutating func whatIsKnownIsAskedForAgainWhenItIsTooOld() {
        answer(at: 0)
        #expect(state.nextQuestion(at: .ms(10)) == .ms(300_000))
        #expect(state.ask(at: .ms(300_000)) == .allTopics)
    }

    @Test mutating func theFirstQuestionIsForAllTopicsAndThatForANewOneNot() {
        state.wantNewTopic()
        #expect(state.ask(at: .ms(0)) == .allTopics)
        state.answered(at: .ms(0), isComplete: true, isNews: true, using: &generator)
        state.wantNewTopic()
        #expect(state.ask(at: .ms(1)) == .newTopics)
    }

    @Test mutating func anAnswerAboutNewTopicsDoesNotMakeTheOthersYounger() {
        answer(at: 0)
        state.wantNewTopic()
        answer(at: 200_000, asking: .newTopics)
        #expect(state.nextQuestion(at: .ms(200_000)) == .ms(300_000))
    }

    @Test mutating func aNewTopicDuringAQuestionIsAskedForAfterTheAnswer() {
        state.want()
        ask(at: 0)
        state.wantNewTopic()
        state.answered(at: .ms(3), isComplete: true, isNews: true, using: &generator)
        #expect(state.nextQuestion(at: .ms(3)) == .ms(3))
    }

    /// Else batches that fail at a former leader would make a question of every answer.
    @Test mutating func anotherWishDuringAQuestionIsFulfilledByTheAnswer() {
        state.want()
        ask(at: 0)
        state.want()
        state.answered(at: .ms(3), isComplete: true, isNews: true, using: &generator)
        #expect(state.nextQuestion(at: .ms(3)) == .ms(300_003))
    }

    @Test mutating func aWishSoonAfterAnAnswerWaitsForThePause() throws {
        answer(at: 0)
        state.want()
        let next = try #require(state.nextQuestion(at: .ms(10)))
        #expect((NIODeadline.ms(80)...NIODeadline.ms(120)).contains(next))
        #expect(state.nextQuestion(at: .ms(150)) == .ms(150))
    }

    @Test mutating func aNewTopicDoesNotWait() {
        answer(at: 0)
        state.wantNewTopic()
        #expect(state.nextQuestion(at: .ms(10)) == .ms(10))
    }

    @Test mutating func pausesGrowWhileQuestionsFail() throws {
        state.want()
        for range in [80...120, 160...240, 320...480] as [ClosedRange<Int64>] {
            ask(at: 0)
            state.failed(at: .ms(0), using: &generator)
            try expectQuestion(after: range)
        }
        state.want()
        answer(at: 1000)
        state.want()
        ask(at: 2000)
        state.failed(at: .ms(0), using: &generator)
        try expectQuestion(after: 80...120)
    }

    /// Such as a topic that is deleted, or a leader that takes its time.
    @Test mutating func pausesGrowWhileAnswersTellNothingNew() throws {
        state.want()
        for range in [80...120, 160...240, 320...480, 640...960, 800...1000] as [ClosedRange<Int64>] {
            ask(at: 0)
            state.answered(at: .ms(0), isComplete: false, isNews: false, using: &generator)
            try expectQuestion(after: range)
        }
        ask(at: 0)
        state.answered(at: .ms(0), isComplete: false, isNews: true, using: &generator)
        try expectQuestion(after: 80...120)
    }

    @Test mutating func afterARestartNothingIsKnown() {
        answer(at: 0)
        state.wantNewTopic()
        state.restart()
        #expect(state.nextQuestion(at: .ms(500)) == .ms(500))
        #expect(state.ask(at: .ms(500)) == .allTopics)
    }

    /// A broker that always sends its clients back to the start must not be asked without end.
    @Test mutating func aRestartDoesNotShortenThePause() throws {
        for range in [80...120, 160...240] as [ClosedRange<Int64>] {
            state.failed(at: .ms(0), using: &generator)
            state.restart()
            try expectQuestion(after: range)
        }
    }

    private mutating func ask(at milliseconds: Int64) { _ = state.ask(at: .ms(milliseconds)) }

    private mutating func answer(at milliseconds: Int64, asking expected: MetadataState.Question = .allTopics) {
        #expect(state.ask(at: .ms(milliseconds)) == expected)
        state.answered(at: .ms(milliseconds), isComplete: true, isNews: true, using: &generator)
    }

    private func expectQuestion(after milliseconds: ClosedRange<Int64>) throws {
        let next = try #require(state.nextQuestion(at: .ms(0)))
        let range = NIODeadline.ms(milliseconds.lowerBound)...NIODeadline.ms(milliseconds.upperBound)
        #expect(range.contains(next), "\(next - .ms(0))")
    }
}

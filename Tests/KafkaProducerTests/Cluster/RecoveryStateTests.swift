import NIOCore
import Testing

@testable import KafkaProducer

/// KIP-899 and KIP-1102.
@Suite struct RecoveryStateTests {
    var state = RecoveryState(strategy: .rebootstrap, trigger: .milliseconds(300))

    @Test func nothingIsDueWhereNothingIsNeeded() {
        #expect(state.deadline == nil)
        #expect(!state.isDue(at: .distantFuture))
    }

    @Test mutating func aQuestionWithoutAnAnswerForTooLongStartsAgain() {
        state.needed(at: .ms(10))
        state.needed(at: .ms(200))
        #expect(!state.isDue(at: .ms(309)))
        #expect(state.isDue(at: .ms(310)))
    }

    @Test mutating func anAnswerIsInTime() {
        state.needed(at: .ms(10))
        state.answered()
        #expect(!state.isDue(at: .distantFuture))
        state.needed(at: .ms(500))
        #expect(state.deadline == .ms(800))
    }

    @Test mutating func theNextAttemptHasAsMuchTime() {
        state.needed(at: .ms(0))
        state.restarted(at: .ms(300))
        #expect(!state.isDue(at: .ms(599)))
        #expect(state.isDue(at: .ms(600)))
    }

    @Test mutating func aBrokerThatRequiresItIsObeyedAtOnceAndOnce() {
        state.required()
        #expect(state.isDue(at: .ms(0)))
        state.restarted(at: .ms(0))
        #expect(!state.isDue(at: .ms(0)))
    }

    @Test func withoutTheStrategyNothingStartsAgain() {
        var state = RecoveryState(strategy: .none, trigger: .zero)
        state.needed(at: .ms(0))
        state.required()
        #expect(state.deadline == nil)
        #expect(!state.isDue(at: .distantFuture))
        #expect(!state.keepsBootstrapServers)
    }
}

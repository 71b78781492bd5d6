import NIOCore
import Testing

@testable import KafkaProducer

/// KIP-899 and KIP-1102.
@Suite struct RecoveryStateTests {
    var state = RecoveryState(strategy: .rebootstrap, trigger: .seconds(3))

    @Test func nothingIsDueWhereNothingIsNeeded() {
        #expect(state.deadline == nil)
        #expect(!state.isDue(at: .distantFuture))
    }

    @Test("4.6 A question without an answer for too long starts again")
    mutating func aQuestionWithoutAnAnswerForTooLongStartsAgain() {
        state.needed(at: .ms(10))
        state.needed(at: .ms(200))
        #expect(!state.isDue(at: .ms(3009)))
        #expect(state.isDue(at: .ms(3010)))
    }

    @Test mutating func anAnswerIsInTime() {
        state.needed(at: .ms(10))
        state.answered()
        #expect(!state.isDue(at: .distantFuture))
        state.needed(at: .ms(500))
        #expect(state.deadline == .ms(3500))
    }

    @Test mutating func theNextAttemptHasAsMuchTime() {
        state.needed(at: .ms(0))
        state.restarted(at: .ms(3000))
        #expect(!state.isDue(at: .ms(5999)))
        #expect(state.isDue(at: .ms(6000)))
    }

    @Test mutating func aBrokerThatRequiresItIsObeyedAtOnceAndOnce() {
        state.required()
        #expect(state.isDue(at: .ms(0)))
        state.restarted(at: .ms(0))
        #expect(!state.isDue(at: .ms(0)))
    }

    @Test func aTriggerOfNothingLeavesTimeForAnAnswer() {
        var state = RecoveryState(strategy: .rebootstrap, trigger: .zero)
        state.needed(at: .ms(0))
        #expect(state.deadline == .ms(1000))
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

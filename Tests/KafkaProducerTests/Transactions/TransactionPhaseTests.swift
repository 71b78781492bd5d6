import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct TransactionPhaseTests {
    @Test func aFatalErrorMayFollowAnythingAndNothingFollowsIt() {
        for phase in TransactionPhase.allCases where phase != .fatalError {
            #expect(phase.successors.contains(.fatalError), "\(phase)")
        }
        #expect(TransactionPhase.fatalError.successors.isEmpty)
    }

    @Test func onlyOneWayLeadsToACommitAndTwoToAnAbort() {
        func origins(of phase: TransactionPhase) -> [TransactionPhase] {
            TransactionPhase.allCases.filter { $0.successors.contains(phase) }
        }
        #expect(origins(of: .committing) == [.inTransaction])
        #expect(origins(of: .aborting) == [.inTransaction, .abortableError])
        #expect(origins(of: .inTransaction) == [.ready])
        #expect(origins(of: .ready) == [.initializing, .committing, .aborting])
        #expect(origins(of: .uninitialized) == [.initializing])
    }

    enum Reply: Equatable { case started, joined, illegal, abortable, fatal }

    struct Row: CustomTestStringConvertible {
        var phase: TransactionPhase
        /// By order of `TransactionCall.allCases`: initialize, begin, sendOffsets, commit, abort.
        var replies: [Reply]
        var testDescription: String { phase.rawValue }
    }

    @Test(
        "5.16 Each call is allowed where it makes sense, and throws what stands against it elsewhere",
        arguments: [
            Row(phase: .uninitialized, replies: [.started, .illegal, .illegal, .illegal, .illegal]),
            Row(phase: .initializing, replies: [.joined, .illegal, .illegal, .illegal, .illegal]),
            Row(phase: .ready, replies: [.illegal, .started, .illegal, .illegal, .illegal]),
            Row(phase: .inTransaction, replies: [.illegal, .illegal, .started, .started, .started]),
            Row(phase: .committing, replies: [.illegal, .illegal, .illegal, .joined, .illegal]),
            Row(phase: .aborting, replies: [.illegal, .illegal, .illegal, .illegal, .joined]),
            Row(phase: .abortableError, replies: [.abortable, .abortable, .abortable, .abortable, .started]),
            Row(phase: .fatalError, replies: [.fatal, .fatal, .fatal, .fatal, .fatal]),
        ])
    func callsByPhase(row: Row) throws {
        for (call, expected) in zip(TransactionCall.allCases, row.replies) {
            let it = try TransactionTranscript.at(row.phase)
            #expect(it.state.phase == row.phase)
            #expect(reply(of: it, to: call) == expected, "\(call)")
        }
    }

    private func reply(of it: TransactionTranscript, to call: TransactionCall) -> Reply {
        do throws(KafkaError) {
            return try it.state.admit(call, offsets: TransactionTranscript.offsets) == .started ? .started : .joined
        } catch {
            if error.isFatal { return .fatal }
            return error.isAbortable ? .abortable : .illegal
        }
    }
}

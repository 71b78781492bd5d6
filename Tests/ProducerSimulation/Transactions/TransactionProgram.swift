import KafkaProducer
import KafkaWire
import NIOCore
import TestSupport

/// A program that makes transactions one after the other, does with each error what the contract says, and notes what it
/// was told of each transaction.
final class TransactionProgram {
    struct Transaction {
        enum Fate {
            /// The commit was not called, or failed.
            case uncommitted
            /// The commit was called, and how it ended is not known.
            case undecided
            case committed
        }

        struct Offsets {
            var group: String
            /// Stands for partition and offset.
            var number: Int64
            var isSent = false
        }

        var fate = Fate.uncommitted
        var records: [UInt64] = []
        var offsets: [Offsets] = []
    }

    private struct Call {
        var call: TransactionCall
        var offsets: TransactionOffsets?
        var outcome: TransactionOutcome
        var deadline: NIODeadline
    }

    private enum Stage {
        case uninitialized, ready, inTransaction, closing, closed
    }

    let core: ProducerCore
    private(set) var transactions: [Transaction] = []
    /// Errors of calls and of sends, as they came.
    private(set) var errors: [KafkaError] = []
    private(set) var violations: [String] = []
    /// Calls that did not end in time.
    private(set) var timeUps = 0

    private let scenario: Scenario
    private let journal: Journal
    private let topic: Topic
    private var chance: SeededGenerator
    private var caller = Caller()
    private var sending: UInt64?
    private var stage = Stage.uninitialized
    private var pending: Call?
    private var recordsLeft = 0
    private var mustAbort = false
    /// Aborts that failed one after the other.
    private var failedAborts = 0
    private static let abortLimit = 50
    private let closing = Closing()

    init(_ core: ProducerCore, scenario: Scenario, journal: Journal, chance: SeededGenerator) {
        self.core = core
        self.scenario = scenario
        self.journal = journal
        self.chance = chance
        topic = core.topic(VirtualCluster.topic)
    }

    var isClosed: Bool { stage == .closed && sending == nil }
    var isClosing: Bool { stage == .closing }
    var isReady: Bool { stage == .ready && pending == nil }
    var hasCommitted: Bool { transactions.last?.fate == .committed }
    var description: String { "\(stage), \(pending.map { $0.call.rawValue } ?? "no call")" }

    // MARK: - One thing after another

    func step(at now: NIODeadline) {
        // A send that waits hears of it when the producer closes.
        if sending != nil { return stepSending(at: now) }
        if stage == .closing { return stepClosing(at: now) }
        if stage != .closed, let call = pending { return look(at: call, now) }
        switch stage {
        case .uninitialized: begin(.initialize, at: now)
        case .ready: begin(.begin, at: now)
        case .inTransaction: stepTransaction(at: now)
        case .closing, .closed: break
        }
    }

    private func stepTransaction(at now: NIODeadline) {
        if mustAbort {
            // A program may not have looked at errors: the commit must fail then.
            return begin(chooses(1, in: 5) ? .commit : .abort, at: now)
        }
        guard recordsLeft > 0 else { return begin(chooses(3, in: 4) ? .commit : .abort, at: now) }
        recordsLeft -= 1
        chooses(1, in: 6) ? sendOffsets(at: now) : send(at: now)
    }

    private func chooses(_ share: Int, in whole: Int) -> Bool { Int.random(in: 0..<whole, using: &chance) < share }

    // MARK: - Records

    private func send(at now: NIODeadline) {
        let number = journal.beginNext()
        caller.begin(number, scenario: scenario, now: now, chance: &chance)
        sending = number
        stepSending(at: now)
    }

    private func stepSending(at now: NIODeadline) {
        caller.step(journal, core, topic: topic, now: now)
        guard caller.isIdle, let number = sending.take() else { return }
        if journal.entries[number] != nil { return transactions[transactions.count - 1].records.append(number) }
        mustAbort = true
        if stage == .inTransaction, let error = journal.refusal as? KafkaError { note(error) }
    }

    // MARK: - Calls

    private func begin(_ call: TransactionCall, offsets: TransactionOffsets? = nil, at now: NIODeadline) {
        if call == .commit { transactions[transactions.count - 1].fate = .undecided }
        pending = Call(
            call: call, offsets: offsets, outcome: core.begin(call, offsets: offsets),
            deadline: now + TimeAmount(core.configuration.maxBlock))
    }

    private func sendOffsets(at now: NIODeadline) {
        let groups = scenario.transactions?.groups ?? []
        let number = Int64(journal.beginOffsets())
        let offsets = Transaction.Offsets(
            group: groups[Int.random(in: groups.indices, using: &chance)], number: number)
        transactions[transactions.count - 1].offsets.append(offsets)
        let metadata = OffsetAndMetadata(number)
        begin(
            .sendOffsets,
            offsets: TransactionOffsets(
                [
                    TopicPartition(topic: VirtualCluster.sourceTopic, partition: 0): metadata,
                    TopicPartition(topic: VirtualCluster.sourceTopic, partition: Int32(number)): metadata,
                ], group: ConsumerGroupMetadata(groupId: offsets.group)), at: now)
    }

    private func look(at call: Call, _ now: NIODeadline) {
        if call.outcome.latch.isOpen {
            pending = nil
            core.acknowledge(call.call)
            return ended(call)
        }
        guard call.deadline <= now else { return }
        timeUps += 1
        pending = nil
        if call.call != .sendOffsets { return begin(call.call, at: now) }
        // What becomes of the offsets is not known: they may be sent again, or go without, or the transaction ends.
        mustAbort = chooses(1, in: 2)
    }

    private func ended(_ call: Call) {
        if let error = call.outcome.error { return failed(call, error) }
        let latest = transactions.count - 1
        switch call.call {
        case .initialize: stage = .ready
        case .begin:
            stage = .inTransaction
            transactions.append(Transaction())
            recordsLeft = Int.random(in: 0...8, using: &chance)
            mustAbort = false
        case .sendOffsets: transactions[latest].offsets[transactions[latest].offsets.count - 1].isSent = true
        case .commit:
            transactions[latest].fate = .committed
            stage = .ready
        case .abort:
            transactions[latest].fate = .uncommitted
            failedAborts = 0
            stage = .ready
        }
    }

    private func failed(_ call: Call, _ error: KafkaError) {
        note(error)
        if error.isFatal { return crash() }
        switch call.call {
        case .initialize: break
        case .begin:
            // The end of the transaction before has failed after all: it is to be aborted, and nothing is in it.
            stage = .inTransaction
            transactions.append(Transaction())
            (recordsLeft, mustAbort) = (0, true)
        case .sendOffsets: mustAbort = true
        case .abort:
            failedAborts += 1
            guard failedAborts == Self.abortLimit else { return }
            violations.append("\(failedAborts) aborts failed: \(error)")
            crash()
        case .commit:
            transactions[transactions.count - 1].fate = .uncommitted
            mustAbort = true
        }
    }

    private func note(_ error: KafkaError) {
        errors.append(error)
        if error.kind == .illegalState, !isClosed { violations.append("\(description): \(error)") }
    }

    // MARK: - Close

    /// Goes without a word.
    func crash() {
        core.beginClose()
        stage = .closed
    }

    /// Closes as `close` does, which would block: what was sent is seen through, and what is open aborted.
    func close(at now: NIODeadline) {
        guard stage != .closing, stage != .closed else { return }
        stage = .closing
        closing.until = now + .seconds(20)
        core.sender.flush().whenSuccess { [closing] in closing.records = $0 }
    }

    private func stepClosing(at now: NIODeadline) {
        guard now < closing.until, closing.end?.latch.isOpen != true else { return crash() }
        guard closing.end == nil, let records = closing.records, records.allSatisfy(\.isOpen) else { return }
        closing.end = core.beginClosingTransaction()
    }

    /// How far closing is.
    private final class Closing: @unchecked Sendable {
        var until = NIODeadline.distantPast
        /// Those that are still to be completed; nil before the sender has looked.
        var records: [Latch]?
        var end: TransactionOutcome?
    }
}

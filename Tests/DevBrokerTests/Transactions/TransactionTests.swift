import KafkaWire
import Testing

@testable import DevBroker

/// The states of a transactional id, each with each event.
@Suite struct TransactionTests {
    private static let partition = TopicPartition(topic: "orders", index: 1)
    private static let states: [Transaction.State] = [
        .empty, .ongoing, .prepareCommit, .prepareAbort, .completeCommit, .completeAbort,
    ]

    /// Producer 7 under epoch 3, in a state that it got to without an epoch of its own for the next transaction.
    private static func transaction(_ state: Transaction.State, epoch: Int16 = 3) -> Transaction {
        var transaction = Transaction(producerId: 7)
        transaction.producer.epoch = epoch
        transaction.timeoutMs = 1000
        transaction.state = state
        if state == .ongoing { transaction.startedAt = 500 }
        return transaction
    }

    /// Producer 7 under epoch 4, after a transaction of epoch 3 that ended under a new one.
    private static func bumped(_ state: Transaction.State) -> Transaction {
        var transaction = transaction(state, epoch: 4)
        transaction.lastEpoch = 3
        transaction.endedWithNewEpoch = true
        return transaction
    }

    private static let client = ProducerIdentity(id: 7, epoch: 3)

    private func code(_ body: () throws(Refusal) -> Void) -> ErrorCode {
        do throws(Refusal) {
            try body()
            return .none
        } catch {
            return error.code
        }
    }

    @Test(
        arguments: zip(states, [ErrorCode.none, .none, .concurrentTransactions, .concurrentTransactions, .none, .none]))
    func partitionsAreAddedInEachStateButWhileAnEndIsUnderWay(state: Transaction.State, expected: ErrorCode) {
        var transaction = Self.transaction(state)
        let actual = code { () throws(Refusal) in
            try transaction.add(partitions: [Self.partition], groups: ["g"], by: Self.client, at: 900)
        }
        #expect(actual == expected)
        guard expected == .none else { return #expect(transaction == Self.transaction(state)) }
        #expect(transaction.state == .ongoing)
        #expect(transaction.partitions == [Self.partition])
        #expect(transaction.groups == ["g"])
        #expect(transaction.startedAt == (state == .ongoing ? 500 : 900))
    }

    @Test(arguments: [
        (ProducerIdentity(id: 8, epoch: 3), ErrorCode.invalidProducerIdMapping),
        (ProducerIdentity(id: 7, epoch: 2), .producerFenced), (ProducerIdentity(id: 7, epoch: 4), .producerFenced),
    ])
    func anotherProducerIsRefused(client: ProducerIdentity, expected: ErrorCode) {
        var transaction = Self.transaction(.ongoing)
        #expect(code { () throws(Refusal) in try transaction.add(by: client, at: 0) } == expected)
        #expect(code { () throws(Refusal) in try end(&transaction, .commit, client, bumps: true) } == expected)
        let verified = code { () throws(Refusal) in try transaction.verify({ _ in true }, by: client, else: .none) }
        #expect(verified == expected)
        #expect(transaction == Self.transaction(.ongoing))
    }

    @Test(arguments: states) func onlyWhatIsPartOfAnOpenTransactionMayBeWritten(state: Transaction.State) {
        let transaction = Self.transaction(state)
        let allowed = code { () throws(Refusal) in
            try transaction.verify({ _ in true }, by: Self.client, else: .transactionAbortable)
        }
        let isEnding = transaction.marker != nil
        #expect(allowed == (state == .ongoing ? .none : isEnding ? .concurrentTransactions : .transactionAbortable))
        let refused = code { () throws(Refusal) in
            try transaction.verify({ _ in false }, by: Self.client, else: .invalidTxnState)
        }
        #expect(refused == (isEnding ? .concurrentTransactions : .invalidTxnState))
    }

    private func end(
        _ transaction: inout Transaction, _ outcome: TransactionMarker.Outcome, _ client: ProducerIdentity, bumps: Bool
    ) throws(Refusal) {
        _ = try transaction.end(outcome, by: client, bumpsEpoch: bumps) { 99 }
    }

    struct End: CustomTestStringConvertible, Sendable {
        var state: Transaction.State
        var outcome: TransactionMarker.Outcome
        /// For the older generation of the protocol, and for the newer one.
        var codes: [ErrorCode]
        var decides: [Bool]

        var testDescription: String { "\(state) \(outcome)" }
    }

    @Test(arguments: [
        End(state: .empty, outcome: .commit, codes: [.invalidTxnState, .invalidTxnState], decides: [false, false]),
        End(state: .empty, outcome: .abort, codes: [.invalidTxnState, .none], decides: [false, true]),
        End(state: .ongoing, outcome: .commit, codes: [.none, .none], decides: [true, true]),
        End(state: .ongoing, outcome: .abort, codes: [.none, .none], decides: [true, true]),
        End(
            state: .prepareCommit, outcome: .commit, codes: [.concurrentTransactions, .concurrentTransactions],
            decides: [false, false]),
        End(
            state: .prepareCommit, outcome: .abort, codes: [.invalidTxnState, .concurrentTransactions],
            decides: [false, false]),
        End(
            state: .prepareAbort, outcome: .commit, codes: [.invalidTxnState, .concurrentTransactions],
            decides: [false, false]),
        End(
            state: .prepareAbort, outcome: .abort, codes: [.concurrentTransactions, .concurrentTransactions],
            decides: [false, false]),
        End(state: .completeCommit, outcome: .commit, codes: [.none, .invalidTxnState], decides: [false, false]),
        End(state: .completeCommit, outcome: .abort, codes: [.invalidTxnState, .none], decides: [false, true]),
        End(
            state: .completeAbort, outcome: .commit, codes: [.invalidTxnState, .invalidTxnState],
            decides: [false, false]),
        End(state: .completeAbort, outcome: .abort, codes: [.none, .none], decides: [false, true]),
    ])
    func aTransactionEndsAsItsStateAllows(_ row: End) {
        for bumps in [false, true] {
            let index = bumps ? 1 : 0
            var transaction = Self.transaction(row.state)
            let actual = code { () throws(Refusal) in
                try end(&transaction, row.outcome, Self.client, bumps: bumps)
            }
            #expect(actual == row.codes[index])
            guard row.decides[index] else {
                #expect(transaction == Self.transaction(row.state))
                continue
            }
            let epoch: Int16 = bumps ? 4 : 3
            #expect(
                transaction.marker
                    == TransactionMarker(outcome: row.outcome, producer: ProducerIdentity(id: 7, epoch: epoch)))
            transaction.complete()
            #expect(transaction.state == (row.outcome == .commit ? .completeCommit : .completeAbort))
            #expect(transaction.producer == ProducerIdentity(id: 7, epoch: epoch))
            #expect(transaction.marker == nil)
        }
    }

    @Test(arguments: [
        (Transaction.State.completeCommit, TransactionMarker.Outcome.commit, ErrorCode.none),
        (.completeCommit, .abort, .invalidTxnState), (.completeAbort, .abort, .none),
        (.completeAbort, .commit, .producerFenced), (.prepareCommit, .commit, .concurrentTransactions),
        (.prepareAbort, .abort, .concurrentTransactions), (.ongoing, .commit, .producerFenced),
        (.empty, .abort, .producerFenced),
    ])
    func aRepeatedEndIsKnownByTheEpochBefore(
        state: Transaction.State, outcome: TransactionMarker.Outcome, expected: ErrorCode
    ) {
        var transaction = Self.bumped(state)
        let actual = code { () throws(Refusal) in try end(&transaction, outcome, Self.client, bumps: true) }
        #expect(actual == expected)
        #expect(transaction == Self.bumped(state))
    }

    @Test func theLastEpochEndsUnderANewId() throws {
        let last = ProducerIdentity(id: 7, epoch: .max - 1)
        var transaction = Self.transaction(.ongoing, epoch: .max - 1)
        #expect(try transaction.end(.commit, by: last, bumpsEpoch: true) { 99 } == .decided)
        #expect(transaction.marker?.producer == ProducerIdentity(id: 7, epoch: .max))
        transaction.complete()
        #expect(transaction.producer == ProducerIdentity(id: 99, epoch: 0))
        #expect(try transaction.end(.commit, by: last, bumpsEpoch: true) { 100 } == .repeated)
        #expect(transaction.producer == ProducerIdentity(id: 99, epoch: 0))
    }

    @Test func aNewProducerGetsTheNextEpoch() throws {
        var transaction = Transaction(producerId: 7)
        for epoch in Int16(0)..<3 {
            #expect(try transaction.introduce(holding: nil, timeoutMs: 10, bumpsEpoch: false) { 99 } == .ready)
            #expect(transaction.producer == ProducerIdentity(id: 7, epoch: epoch))
        }
        #expect(transaction.timeoutMs == 10)
    }

    @Test func whoComesIntoAnOpenTransactionHasItAbortedFirst() throws {
        var transaction = Self.transaction(.ongoing)
        #expect(try transaction.introduce(holding: nil, timeoutMs: 10, bumpsEpoch: false) { 99 } == .abortFirst)
        #expect(
            transaction.marker == TransactionMarker(outcome: .abort, producer: ProducerIdentity(id: 7, epoch: 4)))
        let again = code { () throws(Refusal) in
            _ = try transaction.introduce(holding: nil, timeoutMs: 10, bumpsEpoch: false) { 99 }
        }
        #expect(again == .concurrentTransactions)
        transaction.complete()
        #expect(try transaction.introduce(holding: nil, timeoutMs: 10, bumpsEpoch: false) { 99 } == .ready)
        #expect(transaction.producer == ProducerIdentity(id: 7, epoch: 5))
    }

    @Test func aProducerGoesOnAfterAnErrorUnlessAnotherOneHasCome() throws {
        var transaction = Self.transaction(.completeAbort)
        for _ in 0..<2 {
            // The second time it is the repeat of a request whose answer was lost.
            #expect(try transaction.introduce(holding: Self.client, timeoutMs: 10, bumpsEpoch: false) { 99 } == .ready)
            #expect(transaction.producer == ProducerIdentity(id: 7, epoch: 4))
        }
        _ = try transaction.introduce(holding: nil, timeoutMs: 10, bumpsEpoch: false) { 99 }
        for held in [Self.client, ProducerIdentity(id: 7, epoch: 4), ProducerIdentity(id: 8, epoch: 5)] {
            let actual = code { () throws(Refusal) in
                _ = try transaction.introduce(holding: held, timeoutMs: 10, bumpsEpoch: false) { 99 }
            }
            #expect(actual == .producerFenced)
        }
    }

    @Test(arguments: [nil, ProducerIdentity(id: 7, epoch: .max - 1)])
    func anIdWithoutEpochsIsReplaced(held: ProducerIdentity?) throws {
        var transaction = Self.transaction(.completeCommit, epoch: .max - 1)
        #expect(try transaction.introduce(holding: held, timeoutMs: 10, bumpsEpoch: false) { 99 } == .ready)
        #expect(transaction.producer == ProducerIdentity(id: 99, epoch: 0))
        guard let held else { return }
        #expect(try transaction.introduce(holding: held, timeoutMs: 10, bumpsEpoch: false) { 100 } == .ready)
        #expect(transaction.producer == ProducerIdentity(id: 99, epoch: 0))
    }

    @Test func onlyAnOpenTransactionExpires() {
        for state in Self.states {
            let transaction = Self.transaction(state)
            #expect(!transaction.isExpired(at: 1499))
            #expect(transaction.isExpired(at: 1500) == (state == .ongoing))
        }
    }

    @Test(arguments: [
        (TransactionMarker.Outcome.abort, true, ErrorCode.none), (.commit, true, .producerFenced),
        (.abort, false, .producerFenced), (.commit, false, .producerFenced),
    ])
    func whoseTransactionTookTooLongMayAbortItToo(
        outcome: TransactionMarker.Outcome, bumps: Bool, expected: ErrorCode
    ) throws {
        var transaction = Self.transaction(.ongoing)
        try transaction.fence(bumpsEpoch: bumps) { 99 }
        let marker = TransactionMarker(outcome: .abort, producer: ProducerIdentity(id: 7, epoch: 4))
        #expect(transaction.marker == marker)
        transaction.complete()
        #expect(transaction.producer == ProducerIdentity(id: 7, epoch: 4))
        let actual = code { () throws(Refusal) in try end(&transaction, outcome, Self.client, bumps: bumps) }
        #expect(actual == expected)
        #expect(transaction.state == .completeAbort)
        // Whoever speaks the older generation knows no epoch but the one he has.
        let older = code { () throws(Refusal) in try end(&transaction, outcome, Self.client, bumps: false) }
        #expect(older == .producerFenced)
        // Once another producer has come, it is over.
        _ = try transaction.introduce(holding: nil, timeoutMs: 10, bumpsEpoch: bumps) { 99 }
        let late = code { () throws(Refusal) in try end(&transaction, outcome, Self.client, bumps: bumps) }
        #expect(late == .producerFenced)
    }

    @Test func whoseLastEpochTookTooLongGetsANewId() throws {
        let last = ProducerIdentity(id: 7, epoch: .max - 1)
        var transaction = Self.transaction(.ongoing, epoch: .max - 1)
        try transaction.fence(bumpsEpoch: true) { 99 }
        transaction.complete()
        #expect(try transaction.end(.abort, by: last, bumpsEpoch: true) { 100 } == .repeated)
        #expect(transaction.producer == ProducerIdentity(id: 99, epoch: 0))
    }

    @Test(arguments: [Transaction.State.prepareCommit, .prepareAbort])
    func whileAnEndIsUnderWayNobodyIsToldThatHisEpochIsWrong(state: Transaction.State) {
        var transaction = Self.transaction(state)
        let next = ProducerIdentity(id: 99, epoch: 0)
        let added = code { () throws(Refusal) in try transaction.add(by: next, at: 0) }
        #expect(added == .concurrentTransactions)
        let ended = code { () throws(Refusal) in try end(&transaction, .commit, next, bumps: true) }
        #expect(ended == .concurrentTransactions)
    }

    @Test func theEpochForFencingAloneIsNobodys() throws {
        var transaction = Self.transaction(.ongoing, epoch: .max - 1)
        try transaction.fence(bumpsEpoch: false) { 99 }
        transaction.complete()
        let actual = code { () throws(Refusal) in
            try end(&transaction, .abort, ProducerIdentity(id: 7, epoch: .max), bumps: true)
        }
        #expect(actual == .producerFenced)
    }
}

import Testing

@testable import DevBroker

@Suite struct TransactionIndexTests {
    /// Producers 1, 2 and 3 write in turn from offset 0 on; 1 aborts at 3, 2 commits at 4, 3 aborts at 5.
    private let index = {
        var index = TransactionIndex()
        for producer in Int64(1)...3 { index.appended(producerId: producer, at: producer - 1) }
        index.ended(producerId: 1, .abort, at: 3)
        index.ended(producerId: 2, .commit, at: 4)
        index.ended(producerId: 3, .abort, at: 5)
        return index
    }()

    @Test func theFirstOpenTransactionMovesOn() {
        var index = TransactionIndex()
        #expect(index.firstOpenOffset == nil)
        index.appended(producerId: 1, at: 10)
        index.appended(producerId: 2, at: 12)
        index.appended(producerId: 1, at: 14)
        #expect(index.firstOpenOffset == 10)
        index.ended(producerId: 1, .commit, at: 16)
        #expect(index.firstOpenOffset == 12)
        #expect(index.isOpen(2) && !index.isOpen(1))
        index.ended(producerId: 2, .abort, at: 17)
        #expect(index.firstOpenOffset == nil)
    }

    @Test(
        arguments: [
            (0..<6, [1, 3]), (3..<4, [1, 3]), (4..<6, [3]), (0..<1, [1]), (0..<2, [1]), (6..<9, []), (2..<2, [1]),
        ] as [(Range<Int64>, [Int64])])
    func abortedTransactionsAreFoundByTheirOffsets(range: Range<Int64>, producers: [Int64]) {
        #expect(index.aborted(in: range).map(\.producerId) == producers)
    }

    @Test func whatEndedBeforeTheStartIsForgotten() {
        var index = index
        index.removeAborted(before: 4)
        #expect(index.aborted(in: 0..<9).map(\.producerId) == [3])
    }

    @Test func aMarkerThatEndsNothingTellsReadersNothing() {
        var index = TransactionIndex()
        index.ended(producerId: 1, .abort, at: 0)
        #expect(index.aborted(in: 0..<9).isEmpty)
    }
}

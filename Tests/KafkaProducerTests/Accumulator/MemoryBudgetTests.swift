import NIOPosix
import TestSupport
import Testing

@testable import KafkaProducer

@Suite struct MemoryBudgetTests {
    let budget = MemoryBudget(total: 1000, chunkSize: 100)

    @Test func whatIsLentComesBack() throws {
        let chunk = try #require(budget.chunk(100))
        #expect(chunk.size == 100)
        #expect(budget.availableBytes == 900)
        budget.release(chunk)
        #expect(budget.availableBytes == 1000)
    }

    @Test func oddSizesCountAsTheyAre() throws {
        let odd = try #require(budget.chunk(333))
        #expect(budget.availableBytes == 667)
        budget.release(odd)
        #expect(budget.availableBytes == 1000)
    }

    @Test func keptChunksAreGivenUpForALargeOne() throws {
        for chunk in try (0..<10).map({ _ in try #require(budget.chunk(100)) }) { budget.release(chunk) }
        let large = try #require(budget.chunk(950))
        #expect(large.size == 950)
        #expect(budget.availableBytes == 50)
    }

    @Test func keptChunksAreUsedAgain() throws {
        let chunk = try #require(budget.chunk(100))
        budget.release(chunk)
        #expect(budget.chunk(100)?.memory.baseAddress == chunk.memory.baseAddress)
    }

    @Test("1.18 Who came first for memory is served first")
    func whoeverWaitsIsServedInTurn() throws {
        let all = try #require(budget.chunk(1000))
        let large = try #require(budget.reservation(900))
        let small = try #require(budget.reservation(50))
        #expect(budget.waiterCount == 2)
        budget.release(all)
        #expect(large.latch.isOpen && small.latch.isOpen)
        #expect(large.take()?.size == 900)
        #expect(small.take()?.size == 50)
        #expect(budget.availableBytes == 50)
    }

    @Test("1.18 Nobody overtakes a large request that waits")
    func nobodyOvertakesALargeRequestThatWaits() throws {
        let part = try #require(budget.chunk(500))
        let large = try #require(budget.reservation(900))
        let small = try #require(budget.reservation(50))
        #expect(!small.latch.isOpen)
        budget.release(part)
        #expect(large.take() != nil)
        #expect(small.take() != nil)
    }

    @Test func whoGivesUpLetsTheNextOneGo() throws {
        _ = try #require(budget.chunk(500))
        let large = try #require(budget.reservation(900))
        let small = try #require(budget.reservation(50))
        budget.cancel(large)
        #expect(small.take()?.size == 50)
        #expect(budget.waiterCount == 0)
    }

    @Test func aGrantThatIsGivenUpGoesBack() throws {
        let all = try #require(budget.chunk(1000))
        let reservation = try #require(budget.reservation(100))
        budget.release(all)
        #expect(budget.availableBytes == 900)
        budget.cancel(reservation)
        #expect(budget.availableBytes == 1000)
        budget.cancel(reservation)
        #expect(budget.availableBytes == 1000)
    }

    @Test func closingLetsEverybodyGoEmptyHanded() throws {
        _ = try #require(budget.chunk(1000))
        let before = try #require(budget.reservation(100))
        budget.close()
        let after = try #require(budget.reservation(100))
        #expect(before.latch.isOpen && after.latch.isOpen)
        #expect(before.take() == nil && after.take() == nil)
        #expect(budget.waiterCount == 0)
    }

    @Test func withoutBatchSizeEachChunkIsItsOwn() throws {
        let budget = MemoryBudget(total: 1000, chunkSize: 0)
        let chunk = try #require(budget.chunk(92))
        budget.release(chunk)
        #expect(budget.availableBytes == 1000)
    }

    @Test func nothingIsLostUnderRandomUseFromSeveralThreads() async throws {
        let budget = MemoryBudget(total: 2000, chunkSize: 100)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seed in 0..<4 as Range<UInt64> {
                group.addTask {
                    var generator = SeededGenerator(seed: seed)
                    for _ in 0..<2000 {
                        let size = Bool.random(using: &generator) ? 100 : Int.random(in: 92...1500, using: &generator)
                        switch budget.allocate(size) {
                        case .chunk(let chunk):
                            if Bool.random(using: &generator) { await Task.yield() }
                            budget.release(chunk)
                        case .mustWait(let reservation):
                            if Bool.random(using: &generator) { await reservation.latch.opened() }
                            budget.cancel(reservation)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(budget.availableBytes == 2000)
        #expect(budget.waiterCount == 0)
    }
}

extension MemoryBudget {
    fileprivate func chunk(_ size: Int) -> Chunk? {
        if case .chunk(let chunk) = allocate(size) { chunk } else { nil }
    }

    fileprivate func reservation(_ size: Int) -> Reservation? {
        if case .mustWait(let reservation) = allocate(size) { reservation } else { nil }
    }
}

import NIOCore
import Testing

@testable import KafkaLua

@Suite struct RateScheduleTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func at(_ milliseconds: Int64) -> NIODeadline { start + .milliseconds(milliseconds) }

    private func next(
        _ schedule: inout RateSchedule, at now: NIODeadline
    ) throws -> (number: Int, due: NIODeadline) {
        let next = schedule.next(at: now)
        return try #require(next)
    }

    @Test func recordsAreDueAtEvenDistances() {
        var schedule = RateSchedule(.open, perSecond: 1000, for: .milliseconds(4), from: start)
        var due: [NIODeadline] = []
        while let next = schedule.next(at: start) { due.append(next.due) }
        #expect(due == [0, 1, 2, 3].map(at))
    }

    @Test func anOpenLoopKeepsItsTimesHoweverLateItIs() throws {
        var schedule = RateSchedule(.open, perSecond: 100, from: start)
        #expect(try next(&schedule, at: start).due == start)
        let late = try next(&schedule, at: at(500))
        #expect(late.number == 2)
        #expect(late.due == at(10))
        #expect(try next(&schedule, at: at(500)).due == at(20))
    }

    @Test func aClosedLoopLosesWhatItMissed() throws {
        var schedule = RateSchedule(.closed, perSecond: 100, for: .seconds(1), from: start)
        _ = schedule.next(at: start)
        #expect(try next(&schedule, at: start).due == at(10))
        #expect(try next(&schedule, at: at(500)).due == at(500))
        #expect(try next(&schedule, at: at(501)).due == at(510))
        let none = schedule.next(at: at(1000))
        #expect(none == nil)
    }

    @Test func aRateThatDividesNoSecondDoesNotDrift() {
        var schedule = RateSchedule(.open, perSecond: 3, from: start)
        var last = start
        for _ in 0...300_000 { last = schedule.next(at: start)?.due ?? last }
        #expect(last == start + .seconds(100_000))
    }

    @Test func workersShareARateAndTakeTurns() throws {
        var due: [NIODeadline] = []
        for index in 0..<3 {
            var schedule = RateSchedule(
                .open, perSecond: 1000, share: .init(index: index, count: 3), for: .milliseconds(10), from: start)
            var numbers: [Int] = []
            while let next = schedule.next(at: start) {
                due.append(next.due)
                numbers.append(next.number)
            }
            #expect(numbers == Array(1...numbers.count))
        }
        #expect(due.sorted() == (0..<10).map(at))
    }

    @Test func aRateMayBeSoLowThatNothingIsDueAgain() throws {
        var schedule = RateSchedule(.open, perSecond: 1e-300, from: start)
        _ = schedule.next(at: start)
        #expect(try next(&schedule, at: start).due > at(1_000_000_000))
    }
}

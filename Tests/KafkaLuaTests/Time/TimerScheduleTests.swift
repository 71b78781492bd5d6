import NIOCore
import Testing

@testable import KafkaLua

@Suite struct TimerScheduleTests {
    private func at(_ milliseconds: UInt64) -> NIODeadline { .uptimeNanoseconds(1_000_000 * milliseconds) }

    @Test func aTimerIsDueEachInterval() {
        var schedule = TimerSchedule()
        #expect(schedule.nextDue == nil)
        let timer = schedule.add(every: .milliseconds(10), from: at(5))
        #expect(schedule.nextDue == at(15))
        #expect(schedule.takeDue(at: at(14)) == [])
        #expect(schedule.takeDue(at: at(15)) == [timer])
        #expect(schedule.takeDue(at: at(15)) == [])
        #expect(schedule.nextDue == at(25))
    }

    @Test func latenessDoesNotMoveTheBeat() {
        var schedule = TimerSchedule()
        let timer = schedule.add(every: .milliseconds(10), from: at(0))
        #expect(schedule.takeDue(at: at(13)) == [timer])
        #expect(schedule.nextDue == at(20))
    }

    @Test func missedBeatsAreLeftOut() {
        var schedule = TimerSchedule()
        let timer = schedule.add(every: .milliseconds(10), from: at(0))
        #expect(schedule.takeDue(at: at(50)) == [timer])
        #expect(schedule.nextDue == at(60))
    }

    @Test func theOneThatHasWaitedLongestIsFirst() {
        var schedule = TimerSchedule()
        let slow = schedule.add(every: .milliseconds(9), from: at(0))
        let fast = schedule.add(every: .milliseconds(4), from: at(0))
        let same = schedule.add(every: .milliseconds(4), from: at(0))
        #expect(schedule.takeDue(at: at(9)) == [fast, same, slow])
        #expect(schedule.nextDue == at(12))
    }

    @Test func aTimerThatWasRemovedIsNotDue() {
        var schedule = TimerSchedule()
        let first = schedule.add(every: .milliseconds(10), from: at(0))
        let second = schedule.add(every: .milliseconds(20), from: at(0))
        schedule.remove(first)
        #expect(schedule.nextDue == at(20))
        #expect(schedule.takeDue(at: at(100)) == [second])
        schedule.remove(second)
        #expect(schedule.nextDue == nil)
    }
}

import NIOCore
import Synchronization
import Testing

@testable import KafkaProducer

/// Who looks before it sleeps, on a clock that only the tests move.
@Suite struct ShortWaitsTests {
    private final class Clock: Sendable {
        let time = Atomic<Int64>(0)
        var now: NIODeadline { .uptimeNanoseconds(UInt64(time.load(ordering: .relaxed))) }
        func pass(_ microseconds: Int64) { time.add(microseconds * 1_000, ordering: .relaxed) }
    }

    private let clock = Clock()

    private func waits(processors: Int = 2) -> ShortWaits {
        ShortWaits(processors: processors) { [clock] in clock.now }
    }

    /// Sleeps for so long, and says whether it looked before.
    @discardableResult
    private func sleep(_ microseconds: Int64, _ waits: ShortWaits) -> Bool {
        var looks = 0
        let isDone = waits.wait(until: .distantFuture) {
            looks += 1
            clock.pass(10)
            return false
        } orElse: {
            clock.pass(microseconds)
            return true
        }
        #expect(isDone)
        return looks > 0
    }

    @Test func aThreadLooksOnceWaitsWereShortForAWhile() {
        let waits = waits()
        for _ in 0..<ShortWaits.streak { #expect(!sleep(40, waits)) }
        var looks = 0
        let isDone = waits.wait(until: .distantFuture) {
            looks += 1
            return looks == 3
        } orElse: {
            Issue.record("it was done before")
            return true
        }
        #expect(isDone)
        #expect(looks == 3)
    }

    @Test func itSleepsWhenNothingHasComeForAsLongAsAShortWait() {
        let waits = waits()
        for _ in 0..<ShortWaits.streak { sleep(40, waits) }
        let start = clock.now
        #expect(sleep(0, waits))
        #expect(clock.now - start >= ShortWaits.limit)
        #expect(clock.now - start < ShortWaits.limit + .microseconds(200))
    }

    @Test func twoLongWaitsEndIt() {
        let waits = waits()
        for _ in 0..<5 * ShortWaits.streak { sleep(40, waits) }
        for _ in 0..<2 { sleep(500, waits) }
        #expect(!sleep(40, waits))
    }

    @Test func whereWaitsAreLongOrThereIsOneProcessorNobodyLooks() {
        let far = waits()
        let alone = waits(processors: 1)
        for _ in 0..<3 * ShortWaits.streak {
            #expect(!sleep(300, far))
            #expect(!sleep(40, alone))
        }
    }

    @Test func oneThreadLooksAtATime() {
        let waits = waits()
        for _ in 0..<ShortWaits.streak { sleep(40, waits) }
        var others: [Bool] = []
        _ = waits.wait(until: .distantFuture) {
            others.append(sleep(40, waits))
            return true
        } orElse: {
            true
        }
        #expect(others == [false])
        #expect(sleep(0, waits))
    }

    @Test func aDeadlineThatComesEarlierIsKept() {
        let waits = waits()
        for _ in 0..<ShortWaits.streak { sleep(40, waits) }
        let deadline = clock.now + .microseconds(20)
        var parks = 0
        let isDone = waits.wait(until: deadline) {
            clock.pass(1)
            return false
        } orElse: {
            parks += 1
            return false
        }
        #expect(!isDone)
        #expect(parks == 1)
        #expect(clock.now - deadline < .microseconds(20))
    }
}

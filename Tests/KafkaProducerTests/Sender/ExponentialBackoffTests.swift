import NIOCore
import TestSupport
import Testing

@testable import KafkaProducer

@Suite struct ExponentialBackoffTests {
    let backoff = ExponentialBackoff(initial: .milliseconds(100), maximum: .milliseconds(400))

    @Test("4.1 Pauses double up to the maximum")
    func pausesDoubleUpToTheMaximum() {
        #expect((0..<4).map { backoff.base(failures: $0).milliseconds } == [100, 200, 400, 400])
    }

    @Test func noCountOfFailuresIsTooMuch() {
        #expect(backoff.base(failures: .max) == .milliseconds(400))
        #expect(backoff.base(failures: -1) == .milliseconds(100))
    }

    @Test func noPauseStaysNoPause() {
        #expect(ExponentialBackoff(initial: .zero, maximum: .seconds(1)).base(failures: 5) == .zero)
    }

    @Test func aMaximumBelowTheFirstPauseDoesNotShortenIt() {
        #expect(ExponentialBackoff(initial: .seconds(1), maximum: .zero).base(failures: 3) == .seconds(1))
    }

    @Test func jitterDoesNotGoBeyondTheMaximum() {
        var generator = SeededGenerator(seed: 1)
        let pauses = (0..<1000).map { _ in backoff.pause(failures: 9, using: &generator).nanoseconds / 1_000_000 }
        #expect(pauses.allSatisfy { (320...400).contains($0) })
    }

    @Test("4.1 Jitter is a fifth at most, and used")
    func jitterIsAFifthAtMostAndUsed() {
        var generator = SeededGenerator(seed: 1)
        let pauses = (0..<1000).map { _ in backoff.pause(failures: 1, using: &generator).nanoseconds / 1_000_000 }
        #expect(pauses.allSatisfy { (160...240).contains($0) })
        #expect(pauses.contains { $0 < 170 } && pauses.contains { $0 > 230 })
    }
}

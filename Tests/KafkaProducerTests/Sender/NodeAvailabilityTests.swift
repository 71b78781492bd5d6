import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct NodeAvailabilityTests {
    private let timeout = TimeAmount.milliseconds(100)

    private func instant(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    @Test("7.6 A node is lost when something has waited for it too long")
    func aNodeIsLostWhenSomethingHasWaitedForItTooLong() {
        var availability = NodeAvailability()
        #expect(!availability.isLost(at: instant(1000), after: timeout))
        availability.waits(at: instant(1000))
        availability.waits(at: instant(1090))
        #expect(!availability.isLost(at: instant(1100), after: timeout))
        #expect(availability.isLost(at: instant(1101), after: timeout))
    }

    @Test func aNodeThatTakesSomethingIsNotLost() {
        var availability = NodeAvailability()
        availability.waits(at: instant(0))
        availability.clear()
        #expect(!availability.isLost(at: instant(1000), after: timeout))
        availability.waits(at: instant(1000))
        #expect(!availability.isLost(at: instant(1100), after: timeout))
        #expect(availability.isLost(at: instant(1101), after: timeout))
    }

    @Test("7.6 Without a time-out none is lost")
    func withoutATimeoutNoNodeIsLost() {
        var availability = NodeAvailability()
        availability.waits(at: instant(0))
        #expect(!availability.isLost(at: instant(1_000_000), after: .zero))
    }
}

import NIOCore

/// What was recorded of late: events, sum and largest value over two windows of 30 s (Java's SampledStat and Rate).
/// Pure: no clock.
///
/// One sample takes events for the length of a window, then the next one, and the oldest is dropped. The third is there for the one
/// that began before the monitored time and reaches into it.
struct SampledStat: Sendable {
    private struct Sample {
        var start: NIODeadline
        var lastEvent: NIODeadline
        var events = 0
        var sum = 0.0
        var maximum = -Double.infinity

        init(start: NIODeadline) {
            self.start = start
            lastEvent = start
        }
    }

    /// The length of a sample, and of the least time that a rate is taken over.
    static let window = TimeAmount.seconds(30)
    private static let monitored = TimeAmount.nanoseconds(2 * window.nanoseconds)
    private static let maximumSamples = 3

    /// nil before the first value.
    private var current: Sample?
    /// Those before it, the oldest first.
    private var former: [Sample] = []

    /// Notes a value.
    /// - Parameter events: how many events the value is the sum of.
    mutating func record(_ value: Double, events: Int = 1, at now: NIODeadline) {
        var sample = current ?? Sample(start: now)
        if now - sample.start >= Self.window {
            if former.count == Self.maximumSamples - 1 { former.removeFirst() }
            former.append(sample)
            sample = Sample(start: now)
        }
        sample.events += events
        sample.sum += value
        sample.maximum = max(sample.maximum, value)
        sample.lastEvent = now
        current = sample
    }

    private func recent(at now: NIODeadline) -> [Sample] {
        (former + [current].compactMap { $0 }).filter { now - $0.lastEvent < Self.monitored }
    }

    // MARK: - Measures

    /// The mean of an event; nil if there was none.
    func average(at now: NIODeadline) -> Double? {
        let recent = recent(at: now)
        let events = recent.reduce(0) { $0 + $1.events }
        return events == 0 ? nil : recent.reduce(0) { $0 + $1.sum } / Double(events)
    }

    /// The largest value; nil if there was none.
    func maximum(at now: NIODeadline) -> Double? {
        recent(at: now).map(\.maximum).max()
    }

    /// The sum, a second.
    func rate(at now: NIODeadline) -> Double {
        let recent = recent(at: now)
        return recent.reduce(0) { $0 + $1.sum } / seconds(of: recent, at: now)
    }

    /// Events, a second.
    func eventRate(at now: NIODeadline) -> Double {
        let recent = recent(at: now)
        return Double(recent.reduce(0) { $0 + $1.events }) / seconds(of: recent, at: now)
    }

    /// The time since the oldest sample began. One that has hardly begun would make every rate a high one: a window is
    /// added to it.
    private func seconds(of recent: [Sample], at now: NIODeadline) -> Double {
        var elapsed = recent.map(\.start).min().map { now - $0 } ?? .zero
        if elapsed < Self.window { elapsed = elapsed + Self.window }
        return Double(elapsed.nanoseconds) / 1e9
    }
}

import NIOCore

/// When the records of a steady rate are due. Pure: no clock.
struct RateSchedule {
    enum Kind: String, CaseIterable {
        /// Each record has its time, whether those before it were late or not: what was missed is caught up with.
        case open
        /// Each record is due one interval after the one before it was taken: what was missed is lost.
        case closed
    }

    /// The part of a rate that a worker has: its place among all, counted from 0, and how many there are.
    struct Share: Sendable {
        var index = 0
        var count = 1
    }

    private let kind: Kind
    /// Nanoseconds from one record of all workers to the next.
    private let interval: Double
    private let share: Share
    private let start: NIODeadline
    private let duration: TimeAmount?
    private var taken = 0
    private var latest: NIODeadline

    init(
        _ kind: Kind, perSecond rate: Double, share: Share = Share(), for duration: TimeAmount? = nil,
        from start: NIODeadline
    ) {
        self.kind = kind
        // Finite, so that no record is due at a time that is not a number.
        interval = min(1e9 / rate, 1e18)
        self.share = share
        self.start = start
        self.duration = duration
        latest = start
    }

    /// The next record's number, counted from 1, and when it is due; nil once the duration is over.
    mutating func next(at now: NIODeadline) -> (number: Int, due: NIODeadline)? {
        // From the number, not from the last time: nothing adds up to a drift.
        var due = start + nanoseconds((Double(taken) * Double(share.count) + Double(share.index)) * interval)
        if kind == .closed, taken > 0 {
            due = max(now, latest + nanoseconds(interval * Double(share.count)))
        }
        if let duration, due - start >= duration { return nil }
        taken += 1
        latest = due
        return (taken, due)
    }

    /// A rate may be so low that the next record is never due.
    private func nanoseconds(_ amount: Double) -> TimeAmount { .nanoseconds(Int64(min(amount, 1e18))) }
}

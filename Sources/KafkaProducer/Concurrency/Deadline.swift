import NIOCore

/// Durations as the clock of the event loop counts them.
enum Deadline {
    /// The instant `duration` from `now`; nil is never.
    static func after(_ duration: Duration?, from now: @autoclosure () -> NIODeadline = .now()) -> NIODeadline {
        duration.map { now() + TimeAmount($0) } ?? .distantFuture
    }

    static func describe(_ duration: Duration?) -> String {
        guard let duration else { return "any time" }
        return "\(duration.milliseconds) ms"
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero; the nearest that an integer holds, if there are more.
    public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isBeyond) = seconds.multipliedReportingOverflow(by: 1000)
        let (count, isJustBeyond) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return isBeyond || isJustBeyond ? (seconds < 0 ? .min : .max) : count
    }
}

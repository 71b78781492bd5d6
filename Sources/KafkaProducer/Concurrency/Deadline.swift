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
    /// Whole milliseconds, rounded towards zero.
    public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}

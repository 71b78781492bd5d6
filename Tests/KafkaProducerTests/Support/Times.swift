import NIOCore

extension NIODeadline {
    /// An instant of a clock that a test makes up.
    static func ms(_ milliseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(1_000_000_000) + .milliseconds(milliseconds)
    }
}

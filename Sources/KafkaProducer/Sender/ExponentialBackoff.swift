import NIOCore

/// Pauses that double from `initial` to `maximum`, each longer or shorter by up to a fifth (KIP-580).
struct ExponentialBackoff: Sendable {
    static let multiplier = 2.0
    static let jitter = 0.2

    var initial: Duration
    var maximum: Duration

    /// The pause after so many failures, the first being 0, before jitter.
    func base(failures: Int) -> Duration {
        guard initial > .zero else { return .zero }
        // Beyond 2^32 the maximum is long reached.
        let factor = Double(UInt64(1) << UInt64(min(max(failures, 0), 32)))
        return min(initial * factor, limit)
    }

    private var limit: Duration { max(maximum, initial) }

    /// The pause with jitter, which does not go beyond the maximum.
    func pause(failures: Int, using generator: inout some RandomNumberGenerator) -> TimeAmount {
        let jitter = Double.random(in: 1 - Self.jitter...1 + Self.jitter, using: &generator)
        return TimeAmount(min(base(failures: failures) * jitter, limit))
    }
}

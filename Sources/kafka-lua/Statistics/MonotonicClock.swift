#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A clock that is cheap enough to be read twice a record: `ContinuousClock` takes three times as long.
enum MonotonicClock {
    /// Nanoseconds since a time that means nothing.
    static var nanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Blocks the thread until then, or a signal.
    static func sleep(until nanoseconds: Int64) {
        let left = nanoseconds - self.nanoseconds
        guard left > 0 else { return }
        var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
        nanosleep(&time, nil)
    }
}

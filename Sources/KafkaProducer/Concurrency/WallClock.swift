#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The time of day, as records are stamped with it.
package enum WallClock {
    #if os(Linux)
        /// Exact to the kernel's tick, 1 to 4 ms, at a quarter of the exact clock's cost.
        private static let clock = CLOCK_REALTIME_COARSE
    #else
        private static let clock = CLOCK_REALTIME
    #endif

    /// Milliseconds since 1970.
    package static var milliseconds: Int64 { read(clock) }

    /// Milliseconds since 1970, exact.
    package static var exactMilliseconds: Int64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

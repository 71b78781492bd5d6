import ChildProcess

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What this process has used so far, all its threads together.
struct Usage {
    let instant: ContinuousClock.Instant
    /// Time on a processor in the process and in the kernel for it.
    let processor: Duration
    /// The most memory that was resident at once.
    let peakBytes: Int

    static func now() -> Usage {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
        #else
            getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        #endif
        return Usage(
            instant: .now, processor: Duration(usage.ru_utime) + Duration(usage.ru_stime),
            peakBytes: ProcessMemory.peak * 1024)
    }
}

extension Duration {
    fileprivate init(_ time: timeval) {
        self = .seconds(Int(time.tv_sec)) + .microseconds(Int(time.tv_usec))
    }

    /// The duration in seconds.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}

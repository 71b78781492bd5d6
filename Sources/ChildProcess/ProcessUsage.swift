#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What this process has used so far, all its threads together.
public struct ProcessUsage: Sendable {
    public let instant: ContinuousClock.Instant
    /// Time on a processor in the process and in the kernel for it.
    public let processor: Duration
    /// The most memory that was resident at once.
    public let peakBytes: Int

    public static func now() -> ProcessUsage {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
        #else
            getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        #endif
        return ProcessUsage(
            instant: .now, processor: Duration(usage.ru_utime) + Duration(usage.ru_stime),
            peakBytes: ProcessMemory.peak * 1024)
    }
}

extension Duration {
    fileprivate init(_ time: timeval) {
        self = .seconds(Int(time.tv_sec)) + .microseconds(Int(time.tv_usec))
    }
}

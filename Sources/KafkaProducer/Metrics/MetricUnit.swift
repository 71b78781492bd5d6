/// What a metric's value counts.
public enum MetricUnit: String, Sendable, Hashable, CaseIterable {
    case count
    case countPerSecond = "count/s"
    case bytes
    case bytesPerSecond = "bytes/s"
    case nanoseconds = "ns"
    case milliseconds = "ms"
    case seconds = "s"
    /// A share, or a quotient of sizes.
    case ratio
}

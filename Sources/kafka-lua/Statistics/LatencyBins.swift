import Histogram

/// Latencies in a few ranges that people read easily: from 1 to 2, from 2 to 5, from 5 to 10 and so on; or, where these
/// would be too many, powers of ten.
struct LatencyBins: Equatable, Sendable {
    struct Bin: Equatable, Sendable {
        /// Microseconds; what is recorded as less than one is in the first bin.
        var from: Int
        /// Microseconds; not in the bin itself.
        var to: Int
        var count: Int
    }

    /// From the first bin with a record to the last, and all between.
    private(set) var bins: [Bin] = []

    private static let mostBins = 12

    init(_ latency: Histogram<UInt64>) {
        guard latency.totalCount > 0 else { return }
        for steps in [[1, 2, 5], [1]] {
            bins = Self.bins(latency, steps: steps)
            if bins.count <= Self.mostBins { return }
        }
    }

    private static func bins(_ latency: Histogram<UInt64>, steps: [Int]) -> [Bin] {
        var bins = edges(steps: steps)
        var index = 0
        for value in latency.recordedValues() {
            while index + 1 < bins.count, value.value >= UInt64(bins[index].to) { index += 1 }
            bins[index].count += Int(clamping: value.count)
        }
        guard let first = bins.firstIndex(where: { $0.count > 0 }), let last = bins.lastIndex(where: { $0.count > 0 })
        else { return [] }
        return Array(bins[first...last])
    }

    /// Up to some 30 years.
    private static func edges(steps: [Int]) -> [Bin] {
        let decades = (0..<15).map { decade in (0..<decade).reduce(1) { power, _ in power * 10 } }
        let lower = decades.flatMap { decade in steps.map { $0 * decade } }
        return zip(lower, lower.dropFirst()).map { Bin(from: $0 == 1 ? 0 : $0, to: $1, count: 0) }
    }
}

/// How many records came in each interval of a time that has no end known: when there is no room for one interval more,
/// each two become one of twice the length.
struct ThroughputSeries: Equatable, Sendable {
    /// How many intervals are kept at most.
    static let capacity = 120

    /// The length of an interval in nanoseconds.
    private(set) var interval: Int64
    /// Records an interval, from the start on.
    private(set) var counts: [Int] = []

    init(interval: Int64 = 10_000_000) { self.interval = interval }

    /// - Parameter elapsed: nanoseconds since the start.
    mutating func add(_ count: Int = 1, at elapsed: Int64) {
        let elapsed = max(0, elapsed)
        while elapsed / interval >= Int64(Self.capacity) { halve() }
        let index = Int(elapsed / interval)
        while counts.count <= index { counts.append(0) }
        counts[index] += count
    }

    /// Records a second, interval by interval. The last one is short: it counts for as long as it was.
    /// - Parameter elapsed: nanoseconds from the start to the end.
    func rates(until elapsed: Int64) -> [Double] {
        counts.enumerated().map { index, count in
            let length = min(interval, elapsed - Int64(index) * interval)
            // Too short to say anything of a rate.
            let isWhole = length >= interval / 4 || index == 0
            return Double(count) * 1e9 / Double(isWhole ? max(length, 1) : interval)
        }
    }

    private mutating func halve() {
        interval *= 2
        counts = stride(from: 0, to: counts.count, by: 2).map { index in
            counts[index] + (index + 1 < counts.count ? counts[index + 1] : 0)
        }
    }
}

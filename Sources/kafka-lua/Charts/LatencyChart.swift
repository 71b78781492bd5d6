import Histogram

/// Latencies: how many records took how long.
enum LatencyChart {
    static let percentiles: [(name: String, percentile: Double)] = [
        ("p50", 50), ("p95", 95), ("p99", 99), ("p99.9", 99.9), ("max", 100),
    ]

    static func lines(_ latency: Histogram<UInt64>, _ style: ChartStyle) -> [String] {
        let bars = bars(latency, style.glyphs)
        guard !bars.isEmpty else { return [] }
        return style.heading("latency", remarks(latency, style.glyphs)) + BarChart.lines(bars, style)
    }

    /// A bar for each range of latencies.
    static func bars(_ latency: Histogram<UInt64>, _ glyphs: Glyphs) -> [BarChart.Bar] {
        LatencyBins(latency).bins.map { bin in
            BarChart.Bar(
                label: label(bin, glyphs), value: Double(bin.count),
                note: ChartNumber.percent(Double(bin.count), of: Double(latency.totalCount)), style: .cyan)
        }
    }

    /// `p50 1.2 ms`, `p99 3 ms`, `max 5 ms`
    private static func remarks(_ latency: Histogram<UInt64>, _ glyphs: Glyphs) -> [String] {
        percentiles.filter { ["p50", "p99", "max"].contains($0.name) }.map { name, percentile in
            "\(name) \(ChartNumber.time(microseconds: microseconds(latency, percentile), glyphs))"
        }
    }

    static func microseconds(_ latency: Histogram<UInt64>, _ percentile: Double) -> Double {
        Double(percentile == 100 ? latency.maxRecorded : latency.valueAtPercentile(percentile))
    }

    private static func label(_ bin: LatencyBins.Bin, _ glyphs: Glyphs) -> String {
        let ends = [bin.from, bin.to].map { ChartNumber.time(microseconds: Double($0), glyphs) }
        return ends.joined(separator: " \(glyphs.dash) ")
    }
}

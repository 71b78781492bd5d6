/// Throughput over time, as a sparkline between its figures.
enum ThroughputChart {
    /// - Parameters:
    ///   - rates: records a second, interval by interval.
    ///   - interval: nanoseconds.
    static func lines(_ rates: [Double], interval: Int64, _ style: ChartStyle) -> [String] {
        guard !rates.isEmpty else { return [] }
        let mean = rates.reduce(0, +) / Double(rates.count)
        let remarks = ["most \(ChartNumber.short(rates.max() ?? 0))", "mean \(ChartNumber.short(mean))"]
        let width = min(style.width, 60)
        // Each character is as many intervals as do not fit otherwise.
        let merged = (rates.count + width - 1) / width
        let each = ChartNumber.time(microseconds: Double(interval * Int64(merged)) / 1_000, style.glyphs)
        return style.heading("records/s", remarks) + [
            style.palette.paint(Sparkline.text(rates, width: width, glyphs: style.glyphs), .green),
            style.palette.paint("\(merged > 1 ? "about " : "")\(each) a character", .dim),
        ]
    }
}

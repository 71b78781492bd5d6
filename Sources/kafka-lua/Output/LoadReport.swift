import Histogram

/// How the result of `kafka-lua perf` is written.
enum LoadReport {
    /// Figures and charts for people.
    static func text(_ result: LoadResult, _ style: ChartStyle) -> String {
        let rows = rows(result, style.glyphs)
        let width = rows.map(\.name.count).max() ?? 0
        let lines = rows.map { "\($0.name.left(width))  \($0.value)\n" }.joined()
        return lines + "\n" + DeliveryCharts.text(result.figures, style)
    }

    static func rows(_ result: LoadResult, _ glyphs: Glyphs) -> [(name: String, value: String)] {
        let (request, figures) = (result.request, result.figures)
        var rows = [
            (
                "records",
                "\(ProgressLine.grouped(figures.delivered)) of \(request.size) bytes to "
                    + "\(EscapedText.of(request.topic.utf8)) in \(ChartNumber.fixed(result.seconds, digits: 2)) s"
            )
        ]
        if figures.failed > 0 { rows.append(("failed", ProgressLine.grouped(figures.failed))) }
        rows += [
            ("records/s", ChartNumber.fixed(result.recordsPerSecond, digits: 0) + wanted(request)),
            ("MB/s", ChartNumber.fixed(result.megabytesPerSecond, digits: 1)),
            ("CPU", "\(ChartNumber.fixed(result.processorMicroseconds, digits: 2)) \(glyphs.micro)s a record"),
            ("peak memory", "\(ChartNumber.fixed(Double(result.peakBytes) / 1e6, digits: 1)) MB"),
        ]
        if figures.latency.totalCount > 0 {
            rows.append(("latency", latency(result, glyphs)))
        }
        return rows
    }

    private static func wanted(_ request: LoadRequest) -> String {
        request.rate.map { ", of \(ChartNumber.short($0)) wanted" } ?? ""
    }

    private static func latency(_ result: LoadResult, _ glyphs: Glyphs) -> String {
        LatencyChart.percentiles.map { name, percentile in
            let time = LatencyChart.microseconds(result.figures.latency, percentile)
            return "\(name) \(ChartNumber.time(microseconds: time, glyphs))"
        }.joined(separator: ", ")
    }

    /// One object, with times in milliseconds.
    static func json(_ result: LoadResult) -> String {
        let figures = result.figures
        func milliseconds(_ microseconds: Double) -> String { JSONText.number(microseconds / 1_000) }
        let latency = figures.latency
        var latencies = latency.totalCount > 0 ? [("avg", milliseconds(latency.mean))] : []
        if latency.totalCount > 0 {
            latencies += LatencyChart.percentiles.map {
                ($0.name, milliseconds(LatencyChart.microseconds(latency, $0.percentile)))
            }
        }
        let partitions = figures.topics.first { $0.name == result.request.topic }?.partitions ?? []
        return JSONText.object([
            ("topic", JSONText.quoted(result.request.topic)),
            ("sent", "\(result.sent)"), ("delivered", "\(figures.delivered)"), ("failed", "\(figures.failed)"),
            ("size", "\(result.request.size)"), ("seconds", JSONText.number(result.seconds)),
            ("recordsPerSecond", JSONText.number(result.recordsPerSecond)),
            ("megabytesPerSecond", JSONText.number(result.megabytesPerSecond)),
            ("processorMicrosecondsPerRecord", JSONText.number(result.processorMicroseconds)),
            ("peakMegabytes", JSONText.number(Double(result.peakBytes) / 1e6)),
            ("latencyMilliseconds", JSONText.object(latencies.map { (name: $0.0, json: $0.1) })),
            ("partitions", JSONText.array(partitions.map { "\($0)" })),
            ("errors", JSONText.object(figures.errors.map { (name: $0.name, json: "\($0.count)") })),
        ])
    }
}

/// All charts of what became of records, one below the other.
enum DeliveryCharts {
    /// More topics than these have their partitions left out.
    private static let partitionedTopics = 3

    static func text(_ figures: DeliveryFigures, _ style: ChartStyle) -> String {
        let rates = figures.throughput.rates(until: figures.elapsed)
        var charts = [
            ThroughputChart.lines(rates, interval: figures.throughput.interval, style),
            LatencyChart.lines(figures.latency, style),
        ]
        charts += figures.topics.byTotal.prefix(partitionedTopics).map {
            PartitionChart.lines($0.partitions, topic: $0.name, style)
        }
        if figures.topics.count > 1 { charts.append(TopicChart.lines(figures.topics, style)) }
        charts.append(errorLines(figures, style))
        return charts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private static func errorLines(_ figures: DeliveryFigures, _ style: ChartStyle) -> [String] {
        guard !figures.errors.isEmpty else { return [] }
        return [style.palette.paint("failed", .red) + "  \(ProgressLine.grouped(figures.failed))"]
            + figures.errors.map { ChartStyle.cut("  \($0.name): \(ProgressLine.grouped($0.count))", to: style.width) }
    }
}

/// A page with the figures and charts of what became of records. It needs nothing from elsewhere, and runs no scripts.
enum DeliveryPage {
    /// A page has room for more partitions than a terminal.
    private static let mostBars = 200

    /// - Parameters:
    ///   - rows: figures that stand above the charts.
    static func html(title: String, rows: [(name: String, value: String)], _ figures: DeliveryFigures) -> String {
        let table = rows.map { name, value in
            "<tr><th>\(SVG.escaped(name))</th><td>\(SVG.escaped(value))</td></tr>\n"
        }.joined()
        return head(title) + (table.isEmpty ? "" : "<table>\n\(table)</table>\n") + sections(figures)
            + "</body>\n</html>\n"
    }

    /// The page of a `perf`.
    static func html(_ result: LoadResult) -> String {
        html(title: "kafka-lua perf", rows: LoadReport.rows(result, .unicode), result.figures)
    }

    private static func head(_ title: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width">
        <title>\(SVG.escaped(title))</title>
        <style>
        :root { color-scheme: light dark; --fill: #2a78b8; }
        body { font: 14px/1.5 system-ui, sans-serif; max-width: 760px; margin: 2em auto; padding: 0 1em; }
        table { border-collapse: collapse; } th { text-align: left; padding-right: 2em; font-weight: 600; }
        svg { width: 100%; height: auto; } svg text { font-size: 12px; fill: currentColor; }
        svg rect, svg path { fill: var(--fill); } h2 { font-size: 1.1em; margin-bottom: .3em; }
        </style>
        </head>
        <body>
        <h1>\(SVG.escaped(title))</h1>

        """
    }

    private static func sections(_ figures: DeliveryFigures) -> String {
        var sections: [(title: String, chart: String)] = [
            ("Records a second", throughput(figures)),
            ("Latency", SVGChart.bars(LatencyChart.bars(figures.latency, .unicode), label: "latency")),
        ]
        for topic in figures.topics.byTotal {
            let counts = topic.partitions
            let bars = PartitionChart.rows(counts, most: mostBars).map { PartitionChart.bar(counts, $0) }
            sections.append(
                (
                    "Partitions of \(topic.name): \(PartitionChart.remarks(counts, .unicode).joined(separator: ", "))",
                    SVGChart.bars(bars, label: "partitions of \(topic.name)")
                ))
        }
        if figures.topics.count > 1 {
            sections.append(("Topics", SVGChart.bars(TopicChart.bars(figures.topics), label: "topics")))
        }
        let errors = figures.errors.map { error in
            BarChart.Bar(label: error.name, value: Double(error.count), note: ProgressLine.grouped(error.count))
        }
        sections.append(("Failed", SVGChart.bars(errors, label: "errors")))
        return sections.filter { !$0.chart.isEmpty }.map { "<h2>\(SVG.escaped($0.title))</h2>\n\($0.chart)" }.joined()
    }

    private static func throughput(_ figures: DeliveryFigures) -> String {
        let rates = figures.throughput.rates(until: figures.elapsed)
        let end = ChartNumber.time(microseconds: Double(figures.elapsed) / 1_000, .unicode)
        return SVGChart.area(rates, label: "records a second over time", axis: ("0 s", end))
    }
}

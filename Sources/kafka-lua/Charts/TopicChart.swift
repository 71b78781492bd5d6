/// The records of each topic.
enum TopicChart {
    /// Where there are more topics, those with most records are shown.
    static let mostBars = 10

    static func lines(_ topics: [DeliveryFigures.Topic], _ style: ChartStyle) -> [String] {
        guard !topics.isEmpty else { return [] }
        // A name must leave room for its bar.
        let bars = bars(topics, longestName: style.width / 3)
        let more = topics.count - bars.count
        return style.heading("topics", [ProgressLine.grouped(topics.count)]) + BarChart.lines(bars, style)
            + (more > 0 ? ["\(ProgressLine.grouped(more)) more"] : [])
    }

    /// The bars of the busiest topics.
    static func bars(_ topics: [DeliveryFigures.Topic], longestName: Int = 20) -> [BarChart.Bar] {
        topics.byTotal.prefix(mostBars).map { topic in
            BarChart.Bar(
                label: ChartStyle.cut(EscapedText.of(topic.name.utf8), to: longestName), value: Double(topic.total),
                note: note(topic), style: topic.failed > 0 ? .red : .blue)
        }
    }

    private static func note(_ topic: DeliveryFigures.Topic) -> String {
        let delivered = ProgressLine.grouped(topic.delivered)
        return topic.failed > 0 ? "\(delivered), \(ProgressLine.grouped(topic.failed)) failed" : delivered
    }
}

extension DeliveryFigures.Topic {
    var total: Int { delivered + failed }
}

extension [DeliveryFigures.Topic] {
    /// Those with most records first.
    var byTotal: [DeliveryFigures.Topic] { sorted { ($1.total, $0.name) < ($0.total, $1.name) } }
}

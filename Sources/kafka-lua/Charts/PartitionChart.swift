/// How records are spread over the partitions of a topic, for whoever writes a partitioner.
enum PartitionChart {
    /// Where there are more partitions, only those with most records have bars of their own.
    static let mostBars = 16

    static func lines(_ counts: [Int], topic: String, _ style: ChartStyle) -> [String] {
        guard counts.contains(where: { $0 > 0 }) else { return [] }
        let shown = rows(counts)
        let bars = shown.map { bar(counts, $0) }
        let name = EscapedText.of(topic.utf8)
        return style.heading("partitions", [name] + remarks(counts, style.glyphs)) + BarChart.lines(bars, style)
            + rest(counts, shown, style)
    }

    /// The bar of a partition. The fullest stands out where it has much more than its share.
    static func bar(_ counts: [Int], _ partition: Int) -> BarChart.Bar {
        let count = counts[partition]
        let percent = ChartNumber.percent(Double(count), of: Double(counts.reduce(0, +)))
        return BarChart.Bar(
            label: "\(partition)", value: Double(count), note: "\(ProgressLine.grouped(count)) \(percent.right(7))",
            style: count == counts.max() && skew(counts) >= 1.5 ? .yellow : .blue)
    }

    /// How many times the records of an even spread the fullest partition has; 1 is even.
    static func skew(_ counts: [Int]) -> Double {
        let total = counts.reduce(0, +)
        return total == 0 ? 1 : Double(counts.max() ?? 0) * Double(counts.count) / Double(total)
    }

    /// `skew 2.40×` and `1 of 5 empty`
    static func remarks(_ counts: [Int], _ glyphs: Glyphs) -> [String] {
        let empty = counts.count { $0 == 0 }
        let skew = "skew \(ChartNumber.fixed(skew(counts), digits: 2))\(glyphs.times)"
        return empty > 0
            ? [skew, "\(ProgressLine.grouped(empty)) of \(ProgressLine.grouped(counts.count)) empty"] : [skew]
    }

    /// The partitions that have a bar, in their order.
    static func rows(_ counts: [Int], most: Int = mostBars) -> [Int] {
        guard counts.count > most else { return Array(counts.indices) }
        return counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(most - 1).sorted()
    }

    private static func rest(_ counts: [Int], _ shown: [Int], _ style: ChartStyle) -> [String] {
        let others = Set(counts.indices).subtracting(shown).map { counts[$0] }
        guard let least = others.min(), let most = others.max() else { return [] }
        let text =
            "\(ProgressLine.grouped(others.count)) more, \(ProgressLine.grouped(least)) to "
            + "\(ProgressLine.grouped(most)) each"
        return [style.palette.paint(text, .dim)]
    }
}

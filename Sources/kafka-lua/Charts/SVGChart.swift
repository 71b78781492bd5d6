/// The charts of the terminal as SVG.
enum SVGChart {
    private static let width = 720.0
    private static let rowHeight = 22.0
    private static let labelWidth = 150.0
    private static let noteWidth = 150.0
    private static let plotHeight = 160.0

    /// Values over time as an area: the largest touches the top.
    static func area(_ values: [Double], label: String, axis: (start: String, end: String)) -> String {
        guard let largest = values.max(), largest > 0 else { return "" }
        let step = width / Double(max(1, values.count))
        var path = "M0 \(SVG.number(plotHeight))"
        for (index, value) in values.enumerated() {
            let y = SVG.number(plotHeight - max(0, value) / largest * (plotHeight - 20))
            // Steps: each value is that of an interval.
            path += " L\(SVG.number(Double(index) * step)) \(y) L\(SVG.number(Double(index + 1) * step)) \(y)"
        }
        path += " L\(SVG.number(width)) \(SVG.number(plotHeight)) Z"
        let content =
            "<path d=\"\(path)\"/>\n"
            + SVG.text(ChartNumber.short(largest), x: 0, y: 14)
            + SVG.text(axis.start, x: 0, y: plotHeight + 16)
            + SVG.text(axis.end, x: width, y: plotHeight + 16, anchor: "end")
        return SVG.image(width: width, height: plotHeight + 22, label: label, content)
    }

    /// Values side by side.
    static func bars(_ bars: [BarChart.Bar], label: String) -> String {
        guard !bars.isEmpty else { return "" }
        let largest = bars.map(\.value).max() ?? 0
        let room = width - labelWidth - noteWidth
        var content = ""
        for (index, bar) in bars.enumerated() {
            let y = Double(index) * rowHeight
            let length = largest > 0 ? max(bar.value / largest * room, bar.value > 0 ? 1 : 0) : 0
            content += SVG.text(bar.label, x: labelWidth - 8, y: y + 15, anchor: "end")
            content += SVG.bar(
                x: labelWidth, y: y + 3, width: length, height: rowHeight - 6, title: "\(bar.label): \(bar.note)")
            content += SVG.text(bar.note, x: width, y: y + 15, anchor: "end")
        }
        return SVG.image(width: width, height: Double(bars.count) * rowHeight, label: label, content)
    }
}

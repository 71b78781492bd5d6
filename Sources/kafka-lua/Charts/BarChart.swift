/// Values side by side, as bars.
enum BarChart {
    struct Bar: Equatable, Sendable {
        var label: String
        var value: Double
        /// Stands after the bar.
        var note: String
        var style: TextStyle? = nil
    }

    /// A line for each bar: the label, the bar, the note. The largest bar takes all the room there is.
    static func lines(_ bars: [Bar], _ style: ChartStyle) -> [String] {
        let labels = bars.map { DisplayWidth.of($0.label) }.max() ?? 0
        let notes = bars.map { DisplayWidth.of($0.note) }.max() ?? 0
        let room = max(1, style.width - labels - notes - 4)
        let largest = bars.map(\.value).max() ?? 0
        return bars.map { bar in
            let text = self.bar(largest > 0 ? bar.value / largest : 0, width: room, style.glyphs)
            let gap = String(repeating: " ", count: room - text.count)
            return "\(bar.label.right(labels))  \(style.palette.paint(text, bar.style))\(gap)  \(bar.note.right(notes))"
        }
    }

    /// A bar that takes such a part of the width; what is more than nothing is seen.
    static func bar(_ part: Double, width: Int, _ glyphs: Glyphs) -> String {
        guard part > 0 else { return "" }
        let steps = glyphs.parts.count
        let length = max(1, Int((min(part, 1) * Double(width * steps)).rounded()))
        var text = String(repeating: glyphs.parts[steps - 1], count: length / steps)
        if length % steps > 0 { text.append(glyphs.parts[length % steps - 1]) }
        return text
    }
}

/// Values over time in one line.
enum Sparkline {
    /// A character for each value; of more values than `width` some become one, their mean. The largest is the highest.
    static func text(_ values: [Double], width: Int, glyphs: Glyphs) -> String {
        let columns = columns(values, width: width)
        guard let largest = columns.max(), largest > 0 else {
            return String(repeating: String(glyphs.levels[0]), count: columns.count)
        }
        return String(
            columns.map { value in
                let level = (max(0, value) / largest * Double(glyphs.levels.count - 1)).rounded()
                return glyphs.levels[Int(level)]
            })
    }

    private static func columns(_ values: [Double], width: Int) -> [Double] {
        guard values.count > width, width > 0 else { return values }
        return (0..<width).map { column in
            let part = values[column * values.count / width..<(column + 1) * values.count / width]
            return part.reduce(0, +) / Double(part.count)
        }
    }
}

/// How charts are drawn: how wide, with which characters, in which colours.
struct ChartStyle: Equatable, Sendable {
    /// Columns. Charts are made for ``narrowest`` and more.
    var width: Int
    var glyphs: Glyphs
    var palette: Palette

    static let narrowest = 40
    /// Longer bars are no easier to compare.
    static let widest = 100

    init(width: Int = 80, glyphs: Glyphs = .unicode, palette: Palette = .plain) {
        self.width = min(max(width, Self.narrowest), Self.widest)
        self.glyphs = glyphs
        self.palette = palette
    }

    /// A heading and what is to be said beside it: in as many lines as it takes, since what wraps spoils a picture.
    func heading(_ name: String, _ remarks: [String]) -> [String] {
        var lines = [name]
        for (index, remark) in remarks.enumerated() {
            let isLast = index == remarks.count - 1
            let text = Self.cut(remark, to: width - 3) + (isLast ? "" : ",")
            let gap = lines.count == 1 && index == 0 ? "  " : " "
            if DisplayWidth.of(lines[lines.count - 1] + gap + text) <= width {
                lines[lines.count - 1] += gap + text
            } else {
                lines.append("  " + text)
            }
        }
        lines[0] = palette.paint(name, .bold) + lines[0].dropFirst(name.count)
        return lines
    }

    /// The text, or its beginning and a mark where it takes more columns.
    static func cut(_ text: String, to limit: Int) -> String {
        guard DisplayWidth.of(text) > limit else { return text }
        var result = ""
        var width = 0
        for character in text {
            width += DisplayWidth.of(character)
            if width > limit - 1 { break }
            result.append(character)
        }
        return result + "~"
    }
}

/// Where a text does not compile. Lua tells the line and the token, yet not which one of those that are alike.
struct SyntaxPlace: Equatable {
    /// The line as it was written.
    var line: String
    /// In characters of the line.
    var column: Int

    /// A text is wrong from a token on if what ends with this token cannot be completed any more: so the first one is
    /// found by bisection.
    /// - Parameter isHopeless: whether no more text could complete the one given.
    init?(in source: String, isHopeless: (String) -> Bool) {
        let text = Array(source)
        let tokens = LuaToken.all(in: text).filter { $0.kind != .comment }
        guard !tokens.isEmpty else { return nil }
        var (low, high) = (0, tokens.count)
        while low < high {
            let middle = (low + high) / 2
            if isHopeless(String(text[..<tokens[middle].range.upperBound])) { high = middle } else { low = middle + 1 }
        }
        // What ends too early is wrong where it ends.
        let position = low < tokens.count ? tokens[low].range.lowerBound : tokens[tokens.count - 1].range.upperBound
        let start = text[..<position].lastIndex(where: \.isNewline).map { $0 + 1 } ?? 0
        line = String(text[start...].prefix { !$0.isNewline })
        column = position - start
    }

    /// The most columns that are shown before the place, and of the line.
    private static let before = 50, width = 74

    /// The line with a caret below the place; of a long line, what stands around it.
    var excerpt: String {
        let shown = line.map { $0 == "\t" ? " " : EscapedText.of(String($0).utf8) }
        let first = max(0, column - Self.before)
        let before = (first > 0 ? "…" : "") + shown[first..<min(column, shown.count)].joined()
        var text = before
        for glyph in shown[min(column, shown.count)...] {
            guard DisplayWidth.of(text) < Self.width else {
                text += "…"
                break
            }
            text += glyph
        }
        return "  \(text)\n  " + String(repeating: " ", count: DisplayWidth.of(before)) + "^"
    }
}

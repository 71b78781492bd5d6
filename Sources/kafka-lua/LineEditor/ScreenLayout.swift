/// A frame broken into the rows of a terminal.
struct ScreenLayout {
    struct Row: Equatable {
        /// With the escape sequences of its styles, each ended within the row.
        var text = ""
        /// Columns taken.
        var width = 0
    }

    private(set) var rows = [Row()]
    private(set) var cursorRow = 0
    private(set) var cursorColumn = 0

    private let columns: Int
    /// The style that the last row is in.
    private var style: TextStyle?

    init(_ frame: EditorFrame, columns: Int) {
        // A wide character needs two.
        self.columns = max(columns, 2)
        put(frame.prompt, style: frame.promptStyle)
        var highlights = frame.highlights[...]
        for (index, character) in frame.characters.enumerated() {
            while let first = highlights.first, first.range.upperBound <= index { highlights.removeFirst() }
            let style = highlights.first.flatMap { $0.range.contains(index) ? $0.style : nil }
            if index == frame.cursor { placeCursor(before: character) }
            if character == "\n" {
                beginRow()
                put(frame.continuation, style: frame.promptStyle)
            } else {
                let (glyph, width) = Self.glyph(character)
                put(glyph, width: width, style: style)
            }
        }
        if frame.cursor >= frame.characters.count {
            placeCursor(before: " ")
            put(hint: frame.hint)
        }
        change(to: nil)
    }

    /// The cursor stands where the character goes, on a row of its own when it no longer fits.
    private mutating func placeCursor(before character: Character) {
        let width = character == "\n" ? 1 : max(Self.glyph(character).width, 1)
        if rows[rows.count - 1].width + width > columns { beginRow() }
        cursorRow = rows.count - 1
        cursorColumn = rows[cursorRow].width
    }

    /// What does not fit on the row is cut off: a hint makes no rows.
    private mutating func put(hint: String) {
        for character in hint {
            let (glyph, width) = Self.glyph(character)
            guard rows[rows.count - 1].width + width < columns else { return }
            put(glyph, width: width, style: .dim)
        }
    }

    private mutating func put(_ text: String, style: TextStyle?) {
        for character in text {
            let (glyph, width) = Self.glyph(character)
            put(glyph, width: width, style: style)
        }
    }

    private mutating func put(_ glyph: String, width: Int, style: TextStyle?) {
        if rows[rows.count - 1].width + width > columns { beginRow() }
        change(to: style)
        rows[rows.count - 1].text += glyph
        rows[rows.count - 1].width += width
    }

    private mutating func beginRow() {
        change(to: nil)
        rows.append(Row())
    }

    /// Neighbours of one style share its sequences.
    private mutating func change(to next: TextStyle?) {
        guard next != style else { return }
        if style != nil { rows[rows.count - 1].text += TextStyle.end }
        if let next { rows[rows.count - 1].text += next.begin }
        style = next
    }

    /// What is shown for a character: tabs as spaces, control characters as `^A`, a lone mark on a dotted circle.
    private static func glyph(_ character: Character) -> (text: String, width: Int) {
        if let ascii = character.asciiValue, ascii < 0x20 || ascii == 0x7F {
            return ascii == 9 ? ("  ", 2) : ("^" + String(Unicode.Scalar(ascii ^ 0x40)), 2)
        }
        let width = DisplayWidth.of(character)
        guard width == 0 else { return (String(character), width) }
        let isMark = character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .nonspacingMark }
        return (isMark ? "\u{25CC}\(character)" : "\u{25CC}", 1)
    }
}

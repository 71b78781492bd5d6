/// Makes the bytes that bring the screen from the frame it shows to the next one.
///
/// Knows nothing of the terminal but what it wrote: the rows of its last frame and where the cursor stands in them. Each
/// function returns one string to be written at once. Rows are broken here, never by the terminal, so that it is known
/// how many there are.
struct Renderer {
    private struct Shown {
        var rowWidths: [Int]
        var cursorRow: Int
        var cursorColumn: Int
    }

    private var shown: Shown?

    /// Shows a frame in place of the one before. Of a block taller than the screen, the rows around the cursor.
    mutating func draw(_ frame: EditorFrame, size: TerminalSize) -> String {
        let layout = ScreenLayout(frame, columns: size.columns)
        let height = max(size.rows, 1)
        let top = min(max(layout.cursorRow - height + 1, 0), max(layout.rows.count - height, 0))
        let visible = layout.rows[top..<min(top + height, layout.rows.count)]
        let output = erase(columns: size.columns) + visible.map(\.text).joined(separator: "\r\n")
        let cursorRow = layout.cursorRow - top
        shown = Shown(
            rowWidths: visible.map(\.width), cursorRow: cursorRow, cursorColumn: layout.cursorColumn)
        return output + Self.up(visible.count - 1 - cursorRow) + "\r" + Self.right(layout.cursorColumn)
    }

    /// Shows text above the frame, which stays as it was.
    mutating func printAbove(_ text: String, _ frame: EditorFrame, size: TerminalSize) -> String {
        erase(columns: size.columns) + Self.lines(text) + draw(frame, size: size)
    }

    /// Shows the whole frame for the last time and goes to the row below it.
    mutating func finish(_ frame: EditorFrame, size: TerminalSize) -> String {
        let layout = ScreenLayout(frame, columns: size.columns)
        return erase(columns: size.columns) + layout.rows.map(\.text).joined(separator: "\r\n") + "\r\n"
    }

    /// Clears the screen and shows the frame at its top.
    mutating func clearScreen(_ frame: EditorFrame, size: TerminalSize) -> String {
        shown = nil
        return "\u{1B}[H\u{1B}[2J" + draw(frame, size: size)
    }

    /// Takes the frame away and leaves the cursor where it began.
    mutating func erase(columns: Int) -> String {
        guard let shown else { return "" }
        self.shown = nil
        // A terminal that became narrower has broken each row into several.
        let columns = max(columns, 1)
        let above = shown.rowWidths.prefix(shown.cursorRow).reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        return Self.up(above + shown.cursorColumn / columns) + "\r\u{1B}[J"
    }

    private static func up(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)A" : "" }
    private static func right(_ columns: Int) -> String { columns > 0 ? "\u{1B}[\(columns)C" : "" }

    private static func lines(_ text: String) -> String {
        guard !text.isEmpty else { return "" }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\n"), bytes.last != UInt8(ascii: "\r") { bytes.append(UInt8(ascii: "\r")) }
            bytes.append(byte)
        }
        if bytes.last != UInt8(ascii: "\n") { bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

@testable import kafka_lua

/// A terminal as a grid of cells, which understands the sequences that the renderer writes and no others.
struct ScreenModel {
    private(set) var columns: Int
    private(set) var rows: Int
    private var cells: [[String]]
    private(set) var row = 0
    private(set) var column = 0
    /// Rows that went out at the top.
    private(set) var scrollback: [String] = []
    /// What was not understood.
    private(set) var unknown: [String] = []
    /// Whether what is pasted comes between marks, as a program with a line editor asks for.
    private(set) var marksPastes = false
    private var wrapsNext = false

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    /// The rows without blanks at their ends and without empty rows at the end.
    var lines: [String] {
        var lines = cells.map { Self.trimmed($0) }
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Makes the terminal another size. Rows that no longer fit are broken into several, as most terminals do; those at
    /// the bottom stay, down to the cursor's.
    mutating func resize(columns: Int, rows: Int) {
        var broken: [[String]] = []
        for (index, row) in cells[...max(row, lines.count - 1)].enumerated() {
            var rest = row
            while rest.last == " ", rest.count > (index == self.row ? column : 0) { rest.removeLast() }
            if index == self.row { self.row = broken.count + column / columns }
            repeat {
                let part = rest.prefix(columns)
                rest.removeFirst(part.count)
                broken.append(Array(part) + Array(repeating: " ", count: columns - part.count))
            } while !rest.isEmpty
        }
        column %= columns
        while broken.count <= row { broken.append(Array(repeating: " ", count: columns)) }
        let gone = max(0, min(broken.count - rows, row))
        scrollback += broken.prefix(gone).map { Self.trimmed($0) }
        row -= gone
        cells = Array(broken.dropFirst(gone).prefix(rows))
        while cells.count < rows { cells.append(Array(repeating: " ", count: columns)) }
        (self.columns, self.rows, wrapsNext) = (columns, rows, false)
    }

    mutating func write(_ text: String) {
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\r": (column, wrapsNext) = (0, false)
            case "\n": lineFeed()
            case "\u{07}": break
            case "\u{1B}": control(&rest)
            default:
                var cluster = String(scalar)
                while let next = rest.first, (cluster + String(next)).count == 1 {
                    cluster.unicodeScalars.append(next)
                    rest.removeFirst()
                }
                put(Character(cluster))
            }
        }
    }

    private mutating func put(_ character: Character) {
        let width = DisplayWidth.of(character)
        if wrapsNext || column + width > columns {
            column = 0
            wrapsNext = false
            lineFeed()
        }
        cells[row][column] = String(character)
        // The second cell of a wide character.
        if width == 2 { cells[row][column + 1] = "" }
        column += width
        if column >= columns { (column, wrapsNext) = (columns - 1, true) }
    }

    private mutating func lineFeed() {
        wrapsNext = false
        if row == rows - 1 {
            scrollback.append(Self.trimmed(cells.removeFirst()))
            cells.append(Array(repeating: " ", count: columns))
        } else {
            row += 1
        }
    }

    private mutating func control(_ rest: inout Substring.UnicodeScalarView) {
        guard rest.popFirst() == "[" else {
            unknown.append("ESC")
            return
        }
        var parameter = ""
        while let scalar = rest.first, ("0"..."?").contains(scalar) {
            parameter.unicodeScalars.append(rest.removeFirst())
        }
        guard let final = rest.popFirst() else { return }
        let count = Int(parameter) ?? 1
        wrapsNext = false
        switch final {
        case "A": row = max(0, row - count)
        case "C": column = min(columns - 1, column + count)
        case "H": (row, column) = (0, 0)
        case "J":
            let first = parameter == "2" ? 0 : row
            for index in first..<rows { erase(row: index, from: index == row && parameter != "2" ? column : 0) }
        // Styles, and whether pastes are bracketed.
        case "m": break
        case "h" where parameter == "?2004", "l" where parameter == "?2004": marksPastes = final == "h"
        default: unknown.append("[\(parameter)\(final)")
        }
    }

    private mutating func erase(row: Int, from column: Int) {
        for index in column..<columns { cells[row][index] = " " }
    }

    private static func trimmed(_ cells: [String]) -> String {
        var cells = cells
        while cells.last == " " { cells.removeLast() }
        return cells.joined()
    }
}

/// Writes values in the manner of Lua, for people to read.
///
/// A table stands on one line when it fits, else with one entry a line; it is cut at the ``PrintLimits``. A list of tables
/// that have the same fields stands in columns.
struct ValuePrinter: Sendable {
    var limits = PrintLimits()
    var palette = Palette.plain

    func text(_ value: PrintableValue) -> String {
        if let rows = RowsPrinter(limits: limits, palette: palette).text(value) { return rows }
        var printing = Printing(limits: limits, palette: palette)
        return printing.text(value)
    }

    /// One line of JSON; tables with fields become objects. Not cut.
    static func json(_ value: PrintableValue) -> String {
        switch value {
        case .null: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let integer): "\(integer)"
        case .number(let number): JSONText.number(number)
        case .string(let bytes): JSONText.bytes(bytes)
        case .opaque(let text): JSONText.quoted(text)
        case .table(let table): json(table)
        }
    }

    private static func json(_ table: PrintableTable) -> String {
        if table.fields.isEmpty { return JSONText.array(table.items.map { json($0) }) }
        let items = table.items.enumerated().map { (name: "\($0.offset + 1)", json: json($0.element)) }
        let fields = table.fields.map { field in
            let name: String =
                if case .string(let bytes) = field.key { EscapedText.of(bytes) } else { json(field.key) }
            return (name: name, json: json(field.value))
        }
        return JSONText.object(items + fields)
    }
}

/// One printing, with what is left of the entries that it may show.
private struct Printing {
    let limits: PrintLimits
    let palette: Palette
    var depth = 0
    var shown = 0

    init(limits: PrintLimits, palette: Palette) {
        self.limits = limits
        self.palette = palette
    }

    /// - Parameters:
    ///   - indentation: of the line that it stands on.
    ///   - column: where it begins on that line.
    mutating func text(_ value: PrintableValue, indentation: Int = 0, column: Int = 0) -> String {
        switch value {
        case .null: palette.paint("nil", .dim)
        case .boolean(let flag): palette.paint(flag ? "true" : "false", .magenta)
        case .integer(let integer): palette.paint("\(integer)", .yellow)
        case .number(let number): palette.paint("\(number)", .yellow)
        case .string(let bytes): string(bytes)
        case .opaque(let text): palette.paint(EscapedText.of(text.utf8), .cyan)
        case .table(let table): self.table(table, indentation: indentation, column: column)
        }
    }

    private func string(_ bytes: [UInt8]) -> String {
        var end = min(bytes.count, limits.stringBytes)
        // Not in the middle of a character, of which at most three bytes can stand before the cut.
        let earliest = max(0, end - 3)
        while end > earliest, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        let quoted = palette.paint("\"" + EscapedText.of(bytes[..<end], quoted: true) + "\"", .green)
        return end == bytes.count ? quoted : quoted + palette.paint(" … \(bytes.count - end) more bytes", .dim)
    }

    private mutating func table(_ table: PrintableTable, indentation: Int, column: Int) -> String {
        guard table.count > 0 else { return "{}" }
        guard depth < limits.depth, shown < limits.total else { return palette.paint("{ … \(table.count) }", .dim) }
        depth += 1
        defer { depth -= 1 }
        let entries = entries(table, indentation: indentation + 2)
        let oneLine = "{ " + entries.map { Self.text($0) }.joined(separator: ", ") + " }"
        let isShort = column + Self.width(oneLine) <= limits.width
        if isShort, !entries.contains(where: { $0.value.contains("\n") }) { return oneLine }
        let margin = String(repeating: " ", count: indentation)
        let keyWidth = Self.keyWidth(entries.compactMap(\.key))
        let lines = entries.map { margin + "  " + Self.text($0, keyWidth: keyWidth) }
        return "{\n" + lines.joined(separator: ",\n") + "\n\(margin)}"
    }

    private struct Entry {
        var key: String?
        var value: String
    }

    /// Keys up to this width stand below each other with their values.
    private static let widestKey = 24

    private static func keyWidth(_ keys: [String]) -> Int { keys.map(width).filter { $0 <= widestKey }.max() ?? 0 }

    private static func text(_ entry: Entry, keyWidth: Int = 0) -> String {
        guard let key = entry.key else { return entry.value }
        return key + String(repeating: " ", count: max(0, keyWidth - width(key))) + " = " + entry.value
    }

    private mutating func entries(_ table: PrintableTable, indentation: Int) -> [Entry] {
        let room = max(0, min(limits.items, limits.total - shown))
        let items = table.items.prefix(room)
        let fields = table.fields.prefix(room - items.count)
        shown += items.count + fields.count
        var entries = items.map { Entry(value: text($0, indentation: indentation, column: indentation)) }
        let keys = fields.map { key($0.key) }
        let keyWidth = Self.keyWidth(keys)
        for (key, field) in zip(keys, fields) {
            let column = indentation + max(keyWidth, Self.width(key)) + " = ".count
            entries.append(Entry(key: key, value: text(field.value, indentation: indentation, column: column)))
        }
        let rest = table.count - items.count - fields.count
        if rest > 0 { entries.append(Entry(value: palette.paint("… \(rest) more", .dim))) }
        return entries
    }

    private mutating func key(_ key: PrintableValue) -> String {
        if case .string(let bytes) = key, LuaName.isName(bytes) { return String(decoding: bytes, as: UTF8.self) }
        return "[\(text(key))]"
    }

    /// The columns of a text, whose styles take none.
    private static func width(_ text: String) -> Int {
        DisplayWidth.of(text.replacing(/\u{1B}\[[0-9]*m/, with: ""))
    }
}

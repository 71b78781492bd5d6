/// Writes a list of tables that have the same kind of fields, such as records, as rows with columns.
struct RowsPrinter {
    let limits: PrintLimits
    let palette: Palette

    /// Names that stand first, in this order; others follow as they come.
    private static let leading = ["topic", "partition", "offset", "timestamp", "key", "value"]
    private static let widestCell = 40
    private static let mostColumns = 16

    /// The rows, without a line break at the end; nil where the value is no such list, or they would be too wide.
    func text(_ value: PrintableValue) -> String? {
        guard case .table(let list) = value, !list.items.isEmpty, list.fields.isEmpty else { return nil }
        let shown = list.items.prefix(limits.items)
        guard let names = names(of: shown) else { return nil }
        let rows = shown.map { item in names.map { cell(item, $0) } }
        let widths = names.indices.map { column in
            rows.reduce(DisplayWidth.of(names[column])) { max($0, DisplayWidth.of($1[column].text)) }
        }
        guard widths.reduce(0, { $0 + $1 + 2 }) - 2 <= limits.width else { return nil }
        let isNumeric = names.indices.map { column in rows.allSatisfy { $0[column].isNumeric } }
        let titles = names.enumerated().map { palette.paint(padded($1, widths[$0], isNumeric[$0]), .bold) }
        var lines = [titles.joined(separator: "  ")]
        for row in rows {
            let cells = row.enumerated().map { palette.paint(padded($1.text, widths[$0], isNumeric[$0]), $1.style) }
            lines.append(cells.joined(separator: "  "))
        }
        let rest = list.count - shown.count
        if rest > 0 { lines.append(palette.paint("… \(rest) more", .dim)) }
        return lines.map { $0.trimmingEnd() }.joined(separator: "\n")
    }

    /// The columns; nil where an item is no table with fields alone.
    private func names(of items: some Collection<PrintableValue>) -> [String]? {
        var names: [String] = []
        for item in items {
            guard case .table(let row) = item, row.items.isEmpty, !row.fields.isEmpty, row.omitted == 0 else {
                return nil
            }
            for field in row.fields {
                guard case .string(let bytes) = field.key, LuaName.isName(bytes) else { return nil }
                let name = String(decoding: bytes, as: UTF8.self)
                if !names.contains(name) { names.append(name) }
            }
            guard names.count <= Self.mostColumns else { return nil }
        }
        return Self.leading.filter(names.contains) + names.filter { !Self.leading.contains($0) }
    }

    private struct Cell {
        var text = ""
        var isNumeric = true
        var style: TextStyle?
    }

    private func cell(_ row: PrintableValue, _ name: String) -> Cell {
        guard case .table(let row) = row, let value = row.fields.first(where: { $0.key == .string(name) })?.value else {
            return Cell()
        }
        switch value {
        case .null: return Cell()
        case .string(let bytes): return Cell(text: cut(EscapedText.of(bytes)), isNumeric: false, style: .green)
        case .integer, .number: return Cell(text: plain(value), style: .yellow)
        case .boolean: return Cell(text: plain(value), isNumeric: false, style: .magenta)
        case .opaque, .table: return Cell(text: cut(plain(value)), isNumeric: false, style: .cyan)
        }
    }

    /// On one line whatever its length.
    private func plain(_ value: PrintableValue) -> String {
        ValuePrinter(limits: PrintLimits(depth: 3, width: .max)).text(value)
    }

    private func cut(_ text: String) -> String {
        guard DisplayWidth.of(text) > Self.widestCell else { return text }
        var (short, width) = ("", 0)
        for character in text {
            width += DisplayWidth.of(character)
            if width >= Self.widestCell { break }
            short.append(character)
        }
        return short + "…"
    }

    private func padded(_ text: String, _ width: Int, _ isNumeric: Bool) -> String {
        let padding = String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
        return isNumeric ? padding + text : text + padding
    }
}

extension String {
    /// Without blanks at the end, where no style hides them.
    fileprivate func trimmingEnd() -> String { lastIndex { $0 != " " }.map { String(self[...$0]) } ?? "" }
}

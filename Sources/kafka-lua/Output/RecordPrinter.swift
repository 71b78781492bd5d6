/// Writes records a line each, as columns or as JSON.
struct RecordPrinter {
    let format: OutputFormat
    let palette: Palette

    /// Columns grow with what they show, up to ``widestColumn``, so that lines that follow stand below each other. They
    /// begin with room for an offset of some size and the whole of a timestamp.
    private var widths = [9, 8, 24, 8, 7]
    private var isFirst = true

    private static let titles = ["PARTITION", "OFFSET", "TIMESTAMP", "KEY", "HEADERS"]
    private static let numeric: Set<Int> = [0, 1]
    private static let widestColumn = 32
    private static let null = "∅"

    init(format: OutputFormat, palette: Palette = .plain) {
        self.format = format
        self.palette = palette
    }

    /// The line of a record, ended; before the first one in a table, the titles.
    mutating func text(_ record: PrintableRecord) -> String {
        switch format {
        case .json: Self.json(record) + "\n"
        case .table: titles() + row(record)
        }
    }

    static func json(_ record: PrintableRecord) -> String {
        JSONText.object([
            ("topic", JSONText.quoted(record.topic)),
            ("partition", "\(record.partition)"),
            ("offset", "\(record.offset)"),
            ("timestamp", record.timestamp == -1 ? "null" : "\(record.timestamp)"),
            ("key", JSONText.bytes(record.key)),
            ("value", JSONText.bytes(record.value)),
            // Pairs in order: names may stand twice.
            (
                "headers",
                JSONText.array(
                    record.headers.map { header in
                        JSONText.array([JSONText.quoted(header.name), JSONText.bytes(header.value)])
                    })
            ),
        ])
    }

    private mutating func titles() -> String {
        guard isFirst else { return "" }
        isFirst = false
        return palette.paint(columns(Self.titles) + "VALUE", .bold) + "\n"
    }

    private mutating func row(_ record: PrintableRecord) -> String {
        let headers = record.headers.map { "\(EscapedText.of($0.name.utf8))=\(Self.shown($0.value))" }
        let cells = [
            "\(record.partition)", "\(record.offset)", TimestampText.of(milliseconds: record.timestamp),
            Self.shown(record.key), headers.isEmpty ? "-" : headers.joined(separator: ","),
        ]
        for (index, cell) in cells.enumerated() {
            widths[index] = min(max(widths[index], DisplayWidth.of(cell)), Self.widestColumn)
        }
        let value = record.value == nil ? palette.paint("\(Self.null) tombstone", .dim) : Self.shown(record.value)
        return columns(cells) + value + "\n"
    }

    private func columns(_ cells: [String]) -> String {
        cells.enumerated().map { index, cell in
            let padding = String(repeating: " ", count: max(0, widths[index] - DisplayWidth.of(cell)))
            return (Self.numeric.contains(index) ? padding + cell : cell + padding) + "  "
        }.joined()
    }

    private static func shown(_ bytes: [UInt8]?) -> String { bytes.map { EscapedText.of($0) } ?? null }
}

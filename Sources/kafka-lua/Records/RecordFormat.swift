/// How `send` reads its input.
enum RecordFormat: String, CaseIterable, Sendable {
    /// A record a line.
    case lines
    /// An object a line, as `tail --output json` writes them.
    case json
    /// Rows below a row of names (RFC 4180).
    case csv
    /// All of the input is one value.
    case raw
}

/// How results are written.
enum OutputFormat: String, CaseIterable, Sendable {
    /// For people.
    case table
    /// One JSON object or value a line.
    case json
}

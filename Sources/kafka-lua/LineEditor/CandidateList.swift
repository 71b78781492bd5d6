/// Candidates of a completion in columns, read downward like the output of `ls`.
enum CandidateList {
    /// More are counted, not listed.
    private static let limit = 200

    static func text(_ candidates: [String], columns: Int) -> String {
        let listed = candidates.prefix(limit)
        let width = (listed.map { DisplayWidth.of($0) }.max() ?? 0) + 2
        let perRow = max(1, columns / width)
        let rows = (listed.count + perRow - 1) / perRow
        var text = ""
        for row in 0..<rows {
            let cells = stride(from: row, to: listed.count, by: rows).map { listed[$0] }
            for (index, cell) in cells.enumerated() {
                text += cell
                if index < cells.count - 1 { text += String(repeating: " ", count: width - DisplayWidth.of(cell)) }
            }
            text += "\n"
        }
        if candidates.count > limit { text += "… \(candidates.count - limit) more\n" }
        return text
    }
}

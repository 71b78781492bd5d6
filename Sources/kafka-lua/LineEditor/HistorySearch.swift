/// An incremental search backward through the history.
struct HistorySearch {
    private let entries: [String]
    /// What was being written when the search began.
    let original: LineBuffer
    private(set) var query = ""
    private var index: Int
    private(set) var hasFailed = false
    /// The query of the block found; shorter than the query when the search failed.
    private var found = ""

    init(entries: [String], original: LineBuffer) {
        self.entries = entries
        self.original = original
        index = entries.count
    }

    /// The block found, with the position of the query in its characters.
    var match: (text: String, position: Int)? {
        guard entries.indices.contains(index), let range = entries[index].firstRange(of: found) else { return nil }
        let text = entries[index]
        return (text, text.distance(from: text.startIndex, to: range.lowerBound))
    }

    var prompt: String { "(\(hasFailed ? "failed " : "")search) \(query): " }

    /// Searches for a longer query, from the block found so far. Returns whether there is one.
    mutating func extend(with text: String) -> Bool {
        query += text.filter { $0 != "\n" }
        return find(from: min(index, entries.count - 1), direction: .older)
    }

    /// Takes the last character of the query back and begins again at the newest block.
    mutating func shorten() {
        query = String(query.dropLast())
        if query.isEmpty {
            index = entries.count
            hasFailed = false
        } else {
            _ = find(from: entries.count - 1, direction: .older)
        }
    }

    /// Goes on to the next block that has the query and is another one.
    mutating func next(_ direction: HistoryBrowser.Direction) -> Bool {
        find(from: direction == .older ? index - 1 : index + 1, direction: direction)
    }

    private mutating func find(from start: Int, direction: HistoryBrowser.Direction) -> Bool {
        guard !query.isEmpty else { return false }
        let step = direction == .older ? -1 : 1
        var candidate = start
        while entries.indices.contains(candidate) {
            if entries[candidate].contains(query) {
                index = candidate
                found = query
                hasFailed = false
                return true
            }
            candidate += step
        }
        hasFailed = true
        return false
    }
}

/// Goes up and down in the history; the text that was being written stands below its newest block.
struct HistoryBrowser {
    enum Direction { case older, newer }

    let entries: [String]
    private var index: Int
    private var draft = ""

    init(entries: [String]) {
        self.entries = entries
        index = entries.count
    }

    /// The next block in a direction that begins with the prefix and differs from the present text.
    mutating func go(_ direction: Direction, from present: String, prefix: String) -> String? {
        if index == entries.count { draft = present }
        let candidates =
            direction == .older ? Array((0..<index).reversed()) : Array((index + 1)..<(max(index, entries.count) + 1))
        for candidate in candidates where candidate <= entries.count {
            let text = candidate == entries.count ? draft : entries[candidate]
            guard text != present, text.hasPrefix(prefix) else { continue }
            index = candidate
            return text
        }
        return nil
    }
}

/// The text that is being edited, one line or several, with its cursor; counted in grapheme clusters.
struct LineBuffer: Equatable {
    private(set) var characters: [Character] = []
    /// 0 before the first character, `characters.count` after the last.
    private(set) var cursor = 0

    init(_ text: String = "") {
        characters = Array(text)
        cursor = characters.count
    }

    var text: String { String(characters) }
    var isEmpty: Bool { characters.isEmpty }
    var textBeforeCursor: String { String(characters[..<cursor]) }

    /// Inserts at the cursor. A combining mark joins the character before it.
    mutating func insert(_ text: String) {
        let joined = (cursor > 0 ? String(characters[cursor - 1]) : "") + text
        let whole = joined + (cursor < characters.count ? String(characters[cursor]) : "")
        let start = max(cursor - 1, 0)
        let end = min(cursor + 1, characters.count)
        characters.replaceSubrange(start..<end, with: Array(whole))
        // Text that joins the character after it leaves the cursor behind that character.
        var offset = 0
        var clusters = 0
        for character in whole where offset < joined.utf8.count {
            offset += character.utf8.count
            clusters += 1
        }
        cursor = start + clusters
    }

    /// Removes the characters between the cursor and where the movement leads, and returns them.
    @discardableResult
    mutating func remove(_ movement: Movement) -> String {
        let target = position(after: movement)
        return remove(min(cursor, target)..<max(cursor, target))
    }

    /// Removes characters, puts the cursor where they were, and returns them.
    @discardableResult
    mutating func remove(_ range: Range<Int>) -> String {
        let removed = String(characters[range])
        characters.removeSubrange(range)
        cursor = range.lowerBound
        // What now stands side by side may be one cluster.
        if cursor > 0, cursor < characters.count {
            let pair = Array(String(characters[cursor - 1]) + String(characters[cursor]))
            if pair.count == 1 { characters.replaceSubrange(cursor - 1...cursor, with: pair) }
            cursor = min(cursor, characters.count)
        }
        return removed
    }

    mutating func move(_ movement: Movement) { cursor = position(after: movement) }

    /// Puts the cursor at a position, or at the end when there are fewer characters.
    mutating func move(to position: Int) { cursor = min(max(position, 0), characters.count) }

    /// Swaps the characters around the cursor and goes on; at the end of a line, the two before it.
    /// Returns whether there was something to swap.
    mutating func transpose() -> Bool {
        let second = cursor == characters.count || characters[cursor] == "\n" ? cursor - 1 : cursor
        guard second > 0, characters[second] != "\n", characters[second - 1] != "\n" else { return false }
        characters.swapAt(second, second - 1)
        cursor = second + 1
        return true
    }
}

extension LineBuffer {
    /// Where the cursor is after a movement.
    func position(after movement: Movement) -> Int {
        switch movement {
        case .left: max(cursor - 1, 0)
        case .right: min(cursor + 1, characters.count)
        case .wordLeft: skipLeft(skipLeft(cursor) { !$0.isWord }) { $0.isWord }
        case .wordRight: skipRight(skipRight(cursor) { !$0.isWord }) { $0.isWord }
        case .blankWordLeft: skipLeft(skipLeft(cursor) { $0.isWhitespace }) { !$0.isWhitespace }
        case .lineStart: lineStart(cursor)
        case .lineEnd: lineEnd(cursor)
        case .lineStartOrBreak: lineStart(cursor) == cursor ? max(cursor - 1, 0) : lineStart(cursor)
        case .lineEndOrBreak: lineEnd(cursor) == cursor ? min(cursor + 1, characters.count) : lineEnd(cursor)
        case .up: isOnFirstLine ? cursor : sameColumn(inLineFrom: lineStart(lineStart(cursor) - 1))
        case .down: isOnLastLine ? cursor : sameColumn(inLineFrom: lineEnd(cursor) + 1)
        case .blockStart: 0
        case .blockEnd: characters.count
        }
    }

    var isOnFirstLine: Bool { lineStart(cursor) == 0 }
    var isOnLastLine: Bool { lineEnd(cursor) == characters.count }

    private func lineStart(_ position: Int) -> Int { skipLeft(position) { $0 != "\n" } }
    private func lineEnd(_ position: Int) -> Int { skipRight(position) { $0 != "\n" } }

    private func sameColumn(inLineFrom start: Int) -> Int {
        min(start + cursor - lineStart(cursor), lineEnd(start))
    }

    private func skipLeft(_ position: Int, while condition: (Character) -> Bool) -> Int {
        var position = position
        while position > 0, condition(characters[position - 1]) { position -= 1 }
        return position
    }

    private func skipRight(_ position: Int, while condition: (Character) -> Bool) -> Int {
        var position = position
        while position < characters.count, condition(characters[position]) { position += 1 }
        return position
    }
}

extension Character {
    fileprivate var isWord: Bool { isLetter || isNumber }
}

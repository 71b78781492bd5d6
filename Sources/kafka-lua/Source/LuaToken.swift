/// A piece of Lua, told apart as far as colours, completion and the place of an error need it.
struct LuaToken: Equatable, Sendable {
    enum Kind: Sendable { case name, keyword, number, string, comment, symbol }

    var kind: Kind
    /// In characters of the text.
    var range: Range<Int>
    /// Whether a string or a comment is not closed.
    var isOpen = false
}

extension LuaToken {
    /// The tokens of a text, which need not be correct.
    static func all(in text: [Character]) -> [LuaToken] {
        var lexer = Lexer(text: text)
        var tokens: [LuaToken] = []
        while let token = lexer.next() { tokens.append(token) }
        return tokens
    }

    private struct Lexer {
        let text: [Character]
        var position = 0

        /// The longest first.
        private static let symbols = ["...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>"].map { Array($0) }

        mutating func next() -> LuaToken? {
            skip { $0.isWhitespace }
            guard position < text.count else { return nil }
            let start = position
            let (kind, isClosed) = take(text[start])
            return LuaToken(kind: kind, range: start..<position, isOpen: !isClosed)
        }

        private mutating func take(_ first: Character) -> (Kind, isClosed: Bool) {
            if first.isLetter || first == "_" { return (takeName(), true) }
            if first.isNumber || first == "." && character(1)?.isNumber == true {
                takeNumber()
                return (.number, true)
            }
            if first == "\"" || first == "'" { return (.string, takeString(first)) }
            if first == "-", character(1) == "-" { return (.comment, takeComment()) }
            if let level = longBracket(at: position) { return (.string, takeLong(level)) }
            let symbol = Self.symbols.first { text[position...].starts(with: $0) }
            position += symbol?.count ?? 1
            return (.symbol, true)
        }

        private func character(_ offset: Int) -> Character? {
            position + offset < text.count ? text[position + offset] : nil
        }

        private mutating func skip(while condition: (Character) -> Bool) {
            while position < text.count, condition(text[position]) { position += 1 }
        }

        private mutating func takeName() -> Kind {
            let start = position
            skip { $0.isLetter || $0.isNumber || $0 == "_" }
            return LuaName.reserved.contains(String(text[start..<position])) ? .keyword : .name
        }

        /// As Lua reads them: everything that looks like a part of one.
        private mutating func takeNumber() {
            let exponents: Set<Character> =
                character(0) == "0" && (character(1) == "x" || character(1) == "X") ? ["p", "P"] : ["e", "E"]
            while let next = character(0) {
                if exponents.contains(next), character(1) == "+" || character(1) == "-" {
                    position += 2
                } else if next.isLetter || next.isNumber || next == "." || next == "_" {
                    position += 1
                } else {
                    return
                }
            }
        }

        private mutating func takeString(_ quote: Character) -> Bool {
            position += 1
            while let next = character(0) {
                if next == "\\" {
                    position = min(position + 2, text.count)
                } else if next.isNewline {
                    return false
                } else {
                    position += 1
                    if next == quote { return true }
                }
            }
            return false
        }

        private mutating func takeComment() -> Bool {
            position += 2
            if let level = longBracket(at: position) { return takeLong(level) }
            skip { !$0.isNewline }
            // More may be typed to it.
            return position < text.count
        }

        /// How many `=` stand between the brackets that open a long string; nil where none begins.
        private func longBracket(at start: Int) -> Int? {
            guard start < text.count, text[start] == "[" else { return nil }
            let level = text[(start + 1)...].prefix { $0 == "=" }.count
            let second = start + 1 + level
            return second < text.count && text[second] == "[" ? level : nil
        }

        private mutating func takeLong(_ level: Int) -> Bool {
            let end = ["]"] + Array(repeating: Character("="), count: level) + ["]"]
            position += end.count
            while position < text.count {
                if text[position] == "]", text[position...].starts(with: end) {
                    position += end.count
                    return true
                }
                position += 1
            }
            return false
        }
    }
}

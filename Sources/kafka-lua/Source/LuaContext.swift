/// What stands at the cursor in a piece of Lua: for completion and hints.
struct LuaContext {
    private let text: [Character]
    private let tokens: [LuaToken]

    /// - Parameter before: the text before the cursor.
    init(_ before: [Character]) {
        text = before
        tokens = LuaToken.all(in: before)
    }

    private func text(_ index: Int) -> String {
        tokens.indices.contains(index) ? String(text[tokens[index].range]) : ""
    }

    // MARK: - Names

    /// A name that is being written.
    struct Name: Equatable {
        /// The names before it, as in `kafka.json.`.
        var path: [String]
        /// Whether a colon stands before it.
        var isMethod: Bool
        var range: Range<Int>
        var typed = ""
    }

    /// The name that ends at the cursor, or that would begin there after a `.` or `:`.
    var name: Name? {
        guard let last = tokens.last, last.range.upperBound == text.count else { return nil }
        var index = tokens.count - 1
        var range = text.count..<text.count
        if last.kind == .name || last.kind == .keyword {
            range = last.range
            index -= 1
            if ![".", ":"].contains(text(index)) {
                return Name(path: [], isMethod: false, range: range, typed: String(text[range]))
            }
        }
        guard [".", ":"].contains(text(index)) else { return nil }
        let isMethod = text(index) == ":"
        return path(endingBefore: index).map {
            Name(path: $0, isMethod: isMethod, range: range, typed: String(text[range]))
        }
    }

    /// `a.b.c` that ends before a token; nil where it begins with something else than a name.
    private func path(endingBefore end: Int) -> [String]? {
        var path: [String] = []
        var index = end - 1
        while tokens.indices.contains(index), tokens[index].kind == .name {
            path.insert(text(index), at: 0)
            guard text(index - 1) == "." || text(index - 1) == ":" else { return path }
            index -= 2
        }
        return nil
    }

    // MARK: - Strings

    /// Where the text of the string begins that is not closed at the cursor.
    var openString: Int? {
        guard let last = tokens.last, last.kind == .string, last.isOpen, last.range.upperBound == text.count,
            !text[last.range].contains(where: \.isNewline)
        else { return nil }
        return text[last.range.lowerBound] == "[" ? nil : last.range.lowerBound + 1
    }

    /// What the open string is: the argument of a function, or the value of a field.
    var stringRole: (function: String?, argument: Int, field: String?) {
        let last = tokens.count - 1
        let field = text(last - 1) == "=" ? text(last - 2) : nil
        // `tail "orders"`
        if tokens.indices.contains(last - 1), tokens[last - 1].kind == .name { return (text(last - 1), 1, nil) }
        let call = openCall(before: last)
        return (call?.name.last, call?.argument ?? 0, field)
    }

    var isInComment: Bool { tokens.last.map { $0.kind == .comment && $0.isOpen } ?? false }

    // MARK: - Calls

    struct Call: Equatable {
        /// `["kafka", "rate"]`
        var name: [String]
        var isMethod: Bool
        /// From 1.
        var argument: Int
    }

    /// The call whose arguments the cursor stands among.
    var call: Call? { isInComment ? nil : openCall(before: tokens.count) }

    private func openCall(before end: Int) -> Call? {
        var (depth, argument) = (0, 1)
        for index in stride(from: end - 1, through: 0, by: -1) {
            switch text(index) {
            case ")", "}", "]": depth += 1
            case "(" where depth == 0:
                guard let name = path(endingBefore: index) else { return nil }
                return Call(name: name, isMethod: text(index - 2) == ":", argument: argument)
            case "{" where depth == 0, "[" where depth == 0: return nil
            case "(", "{", "[": depth -= 1
            case "," where depth == 0: argument += 1
            default: break
            }
        }
        return nil
    }
}

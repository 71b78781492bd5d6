/// Colours Lua and the commands of the prompt.
enum Highlighting {
    private static let styles: [LuaToken.Kind: TextStyle] = [
        .keyword: .magenta, .number: .yellow, .string: .green, .comment: .dim,
    ]

    static func highlights(_ text: [Character]) -> [Highlight] {
        if let start = text.firstIndex(where: { !$0.isWhitespace }), text[start] == "\\" {
            let end = text[start...].firstIndex(where: \.isWhitespace) ?? text.count
            let isKnown = BackslashCommand.named(String(text[(start + 1)..<end])) != nil
            return [Highlight(range: start..<end, style: isKnown ? .cyan : .red)]
        }
        return LuaToken.all(in: text).compactMap { token in
            styles[token.kind].map { Highlight(range: token.range, style: $0) }
        }
    }
}

/// What is to be done with a block that was typed.
enum ChunkPlan: Equatable, Sendable {
    /// Nothing was said.
    case blank
    /// More lines are needed.
    case incomplete
    /// Lua to run.
    case run(source: String, printsResult: Bool)
    case command(BackslashCommand.Call)
    /// Lua that does not compile, as it was typed.
    case wrong(source: String, Failure)
    /// A call of a command that cannot be.
    case invalid(Failure)

    /// The name of what is typed at the prompt, in messages of Lua.
    static let chunkName = "=stdin"

    /// Finds out what a block is: a backslash command, an expression, or statements.
    ///
    /// An expression is tried first, as `return …`; `=` before it is taken off, as in Lua 5.1. A `;` at the end keeps
    /// the result from being printed.
    init(_ block: String, check: (_ source: String) -> ChunkStatus) {
        let text = block.trimmingWhitespace()
        guard let first = text.first else {
            self = .blank
            return
        }
        if first == "\\" {
            self = BackslashCommand.parse(text)
            return
        }
        if BackslashCommand.bareWords.contains(text) {
            self = BackslashCommand.parse("\\" + text)
            return
        }
        let printsResult = text.last != ";"
        let lua = Self.lua(text)
        let isMarkedExpression = lua != text
        let expression = isMarkedExpression ? lua : "return " + block
        if case .complete = check(expression) {
            self = .run(source: expression, printsResult: printsResult)
            return
        }
        switch check(isMarkedExpression ? lua : block) {
        case .complete: self = .run(source: block, printsResult: printsResult)
        case .incomplete: self = .incomplete
        case .invalid(let failure): self = .wrong(source: isMarkedExpression ? text : block, failure)
        }
    }

    /// The Lua of a text that was typed: `=` before an expression stands for `return`, as in Lua 5.1.
    static func lua(_ text: String) -> String {
        text.hasPrefix("=") && !text.hasPrefix("==") ? "return " + text.dropFirst() : text
    }
}

extension StringProtocol {
    /// The text without white space at its beginning and end.
    func trimmingWhitespace() -> String {
        guard let start = firstIndex(where: { !$0.isWhitespace }),
            let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }
}

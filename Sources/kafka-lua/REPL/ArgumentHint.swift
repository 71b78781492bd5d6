/// What is shown behind the cursor while a call is written: the arguments that are still to come.
enum ArgumentHint {
    /// - Parameter text: what stands before the cursor, which is at the end.
    static func hint(_ text: [Character]) -> String {
        guard let first = text.first(where: { !$0.isWhitespace }) else { return "" }
        return first == "\\" ? command(text) : call(text)
    }

    private static func command(_ text: [Character]) -> String {
        guard text.last?.isWhitespace == true else { return "" }
        let words = Words.split(String(text).trimmingWhitespace().dropFirst())
        guard let command = words.first.flatMap({ BackslashCommand.named($0) }) else { return "" }
        return command.arguments.split(separator: " ").dropFirst(words.count - 1).joined(separator: " ")
    }

    private static func call(_ text: [Character]) -> String {
        let context = LuaContext(text)
        guard let call = context.call, let last = text.last, last == "(" || last == "," || last.isWhitespace else {
            return ""
        }
        let name = call.name.dropLast().joined(separator: ".") + (call.isMethod ? ":" : call.name.count > 1 ? "." : "")
        let functions = LuaManual.shared.functions(named: name + (call.name.last ?? ""))
        // A table as the only argument has its own way to be called, without parentheses.
        guard let parameters = functions.first(where: { !$0.parameters.isEmpty })?.parameters.first else { return "" }
        let rest = parameters.dropFirst(call.argument - 1)
        return (last == "," ? " " : "") + Array(rest).signature + ")"
    }
}

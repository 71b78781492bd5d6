import LuaRuntime

/// `lines([file])`: an iterator that gives each line, without its `\n`, and its number.
enum ScriptLines {
    /// The longest line that is taken: the largest record a broker would.
    private static let lineLimit = 100 << 20

    static func iterator(
        _ arguments: borrowing LuaFrame, _ results: inout LuaWriter, in environment: ScriptEnvironment
    ) throws {
        let input = try ScriptInput(arguments[1], in: arguments, environment.classes)
        var lines = LineCutter()
        var number = 0
        var isAtEnd = false
        results.append(function: "lines") { [unowned environment] _, results in
            var line = lines.next()
            while line == nil, !isAtEnd {
                let block = try input.read(in: environment)
                isAtEnd = block.isEmpty
                lines.append(block)
                line = isAtEnd ? lines.last() : lines.next()
                if line == nil, lines.pendingCount > lineLimit {
                    throw LuaError("\(input.name):\(number + 1): the line is longer than \(lineLimit) bytes")
                }
            }
            guard let line else { return results.appendNil() }
            number += 1
            results.append(line.span.bytes)
            results.append(number)
        }
    }
}

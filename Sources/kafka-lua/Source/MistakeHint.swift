import KafkaProducer

/// What to do about the mistakes that are made most often, told from the message and from the line that ran.
struct MistakeHint {
    /// The names of the globals, and those in the module `kafka`.
    let globals: Set<String>
    let module: Set<String>
    /// The methods that values of the host have.
    let methods: Set<String>

    /// - Parameters:
    ///   - message: Lua's, without its place.
    ///   - line: the text at that place; empty where it is not known.
    func hint(for message: String, line: String) -> String? {
        for rule in Self.rules {
            if let match = message.firstMatch(of: rule.pattern) {
                let words = match.output.dropFirst().map { $0.substring.map(String.init) ?? "" }
                if let hint = rule.hint(self, words, line) { return hint }
            }
        }
        return nil
    }

    private struct Rule {
        let pattern: Regex<AnyRegexOutput>
        /// From what the pattern's groups hold, and the line.
        let hint: (MistakeHint, [String], String) -> String?
    }

    private static var rules: [Rule] {
        [
            Rule(pattern: .init(/calling '(\w+)' on bad self/)) { _, words, line in colon(words[0], line) },
            Rule(pattern: .init(/attempt to call a nil value \(field '(\w+)'\)/)) { $0.field($1[0], $2) },
            Rule(pattern: .init(/attempt to call a nil value \(method '(\w+)'\)/)) { this, words, _ in
                Spelling.nearest(to: words[0], among: this.methods.sorted()).map { "did you mean :\($0)?" }
            },
            Rule(pattern: .init(/a nil value \(global '(\w+)'\)/)) { this, words, _ in this.global(words[0]) },
            Rule(pattern: .init(/bad argument #(\d+) to '([\w.]+)' \(.*got nil\)/)) { this, words, line in
                this.quotes(argument: Int(words[0]) ?? 0, of: words[1], line)
            },
            Rule(pattern: .init(/field '(\w+)' of argument #\d+ must be .*got nil/)) { this, words, line in
                this.quotes(field: words[0], line)
            },
            Rule(pattern: .init(/(?:syntax error|'=' expected) near/)) { _, _, line in command(line) },
        ]
    }

    /// `p.flush()` for `p:flush()`.
    private static func colon(_ method: String, _ line: String) -> String {
        let tokens = Tokens(line)
        let place = tokens.firstIndex { tokens.text($0) == "." && tokens.text($0 + 1) == method }
        let receiver = place.map { tokens.text($0 - 1) } ?? ""
        let name = LuaName.isName(Array(receiver.utf8)) ? receiver : "p"
        return "methods are called with a colon: \(name):\(method)(…)"
    }

    /// `kafka.send(…)` for `send(…)`, and what is nearly the name of a function of the module.
    private func field(_ name: String, _ line: String) -> String? {
        let tokens = Tokens(line)
        guard tokens.contains(where: { tokens.text($0) == "kafka" && tokens.text($0 + 2) == name }) else { return nil }
        if globals.contains(name) { return "\(name) is a global: write \(name)(…), without kafka. in front" }
        return Spelling.nearest(to: name, among: module.sorted()).map { "did you mean kafka.\($0)?" }
    }

    /// `producer{}` for `kafka.producer{}`, and what is nearly the name of a global.
    private func global(_ name: String) -> String? {
        if module.contains(name) { return "it is in the module: write kafka.\(name)" }
        if let nearest = Spelling.nearest(to: name, among: globals.sorted()) { return "did you mean \(nearest)?" }
        return "\(name) has no value; a text needs quotes: \"\(name)\""
    }

    /// `send(orders, …)` for `send("orders", …)`.
    private func quotes(argument number: Int, of function: String, _ line: String) -> String? {
        let tokens = Tokens(line)
        let name = function.split(separator: ".").last.map(String.init) ?? function
        guard let call = tokens.firstIndex(where: { tokens.text($0) == name && tokens.text($0 + 1) == "(" }) else {
            return nil
        }
        var (depth, argument, first) = (0, 1, call + 2)
        for index in (call + 2)..<max(tokens.count + 1, call + 3) {
            let text = tokens.text(index)
            if depth == 0, text == "," || text == ")" || text.isEmpty {
                if argument == number { return quotes(tokens, first..<index) }
                argument += 1
                first = index + 1
            }
            if ["(", "{", "["].contains(text) { depth += 1 }
            if [")", "}", "]"].contains(text) { depth -= 1 }
            if depth < 0 { return nil }
        }
        return nil
    }

    /// `{ topic = orders }` for `{ topic = "orders" }`.
    private func quotes(field: String, _ line: String) -> String? {
        let tokens = Tokens(line)
        guard let place = tokens.firstIndex(where: { tokens.text($0) == field && tokens.text($0 + 1) == "=" }) else {
            return nil
        }
        return quotes(tokens, place + 2..<place + 3)
    }

    private func quotes(_ tokens: Tokens, _ range: Range<Int>) -> String? {
        guard range.count == 1, tokens.isName(range.lowerBound) else { return nil }
        let name = tokens.text(range.lowerBound)
        return globals.contains(name) ? nil : "\(name) has no value; a text needs quotes: \"\(name)\""
    }

    /// `send orders hello` for `\send orders hello`.
    private static func command(_ line: String) -> String? {
        guard let word = Words.split(line).first, let command = BackslashCommand.named(word) else { return nil }
        return "commands begin with a backslash: \(command.usage)"
    }
}

/// The tokens of a line with their texts.
private struct Tokens {
    private let text: [Character]
    private let tokens: [LuaToken]

    init(_ line: String) {
        text = Array(line)
        tokens = LuaToken.all(in: text)
    }

    var count: Int { tokens.count }

    func text(_ index: Int) -> String { tokens.indices.contains(index) ? String(text[tokens[index].range]) : "" }

    func isName(_ index: Int) -> Bool { tokens.indices.contains(index) && tokens[index].kind == .name }

    func firstIndex(where condition: (Int) -> Bool) -> Int? { tokens.indices.first(where: condition) }

    func contains(where condition: (Int) -> Bool) -> Bool { firstIndex(where: condition) != nil }
}

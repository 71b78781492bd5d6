import KafkaProducer

/// What `\help` prints: of the commands of the prompt, of Lua's functions, and of configuration keys.
enum HelpText {
    /// What is printed without a topic.
    static func overview(width: Int = 80) -> String {
        columns(width, BackslashCommand.table.map { ($0.usage, $0.summary) }) + """

            Everything else is Lua: send("orders", "k1", "hello") and tail("orders").
            \\help lua lists its functions, \\help keys the keys of the configuration,
            \\help NAME explains any of them.

            """
    }

    /// - Throws: ``Failure`` if there is nothing of that name, with the nearest.
    static func text(on topic: String?, width: Int = 80, palette: Palette = .plain) throws(Failure) -> String {
        guard let topic else { return overview(width: width) }
        switch topic {
        case "lua", "functions", "kafka": return functions(width)
        case "keys", "config": return keys(width)
        default: break
        }
        let name = topic.hasPrefix("\\") ? String(topic.dropFirst()) : topic
        var parts: [String] = []
        if let command = BackslashCommand.named(name) { parts.append(command.help) }
        if name == topic {
            parts += LuaManual.shared.functions(named: name).map(text)
            if let record = LuaManual.shared.record(named: name) { parts.append(text(record)) }
            if let key = ConfigurationKey.all.first(where: { $0.name == name }) {
                parts.append(
                    ConfigListing(keys: [key], configuration: ProducerConfiguration(), palette: palette).text(.table))
            }
        }
        guard parts.isEmpty else { return parts.joined(separator: "\n") }
        throw Failure(
            "there is no help on \(topic)",
            hint: Spelling.nearest(to: name, among: subjects).map { "did you mean \\help \($0)?" }
                ?? "\\help lists the commands, \\help lua the functions, \\help keys the keys")
    }

    /// Everything that there is help on, for completion.
    static var subjects: [String] {
        ["lua", "keys"] + BackslashCommand.table.map(\.name) + LuaManual.shared.functions.map(\.name)
            + LuaManual.shared.records.map(\.name) + ConfigurationKey.all.map(\.name)
    }

    private static func functions(_ width: Int) -> String {
        columns(
            width,
            LuaManual.shared.functions.map { function in
                let signature = "\(function.name)(\((function.parameters.first ?? []).signature))"
                return (signature, function.documentation.joined(separator: " ").firstSentence)
            })
    }

    private static func keys(_ width: Int) -> String {
        columns(width, ConfigurationKey.all.map { ($0.name, $0.documentation.firstSentence) })
    }

    private static func text(_ function: LuaManual.Function) -> String {
        var lines = function.parameters.map { "\(function.name)(\($0.signature))" }
        lines += function.documentation.map { "  \($0)" }
        let typed = function.parameters.last?.filter { !$0.type.isEmpty } ?? []
        let width = typed.map(\.name.count).max() ?? 0
        lines += typed.map { "  \($0.name.padded(to: width))  \($0.type)" }
        if !function.results.isEmpty { lines.append("  returns \(function.results.joined(separator: "; "))") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ record: LuaManual.Record) -> String {
        let width = record.fields.map(\.name.count).max() ?? 0
        let fields = record.fields.map { "  \($0.name.padded(to: width))  \($0.text)" }
        return ([record.name] + record.documentation.map { "  \($0)" } + fields).joined(separator: "\n") + "\n"
    }

    /// Two columns, the second one broken between words; what is too wide for the first has a line of its own.
    private static func columns(_ width: Int, _ rows: [(String, String)]) -> String {
        let widest = width / 5 * 2
        let first = rows.map(\.0.count).filter { $0 <= widest }.max() ?? 0
        let margin = "\n" + "".padded(to: first + 4)
        return rows.map { name, text in
            let lines = text.broken(to: max(20, width - first - 5)).joined(separator: margin)
            if text.isEmpty { return "  \(name)\n" }
            return name.count > widest ? "  \(name)\(margin)\(lines)\n" : "  \(name.padded(to: first))  \(lines)\n"
        }.joined()
    }
}

extension String {
    fileprivate var firstSentence: String {
        guard let end = firstRange(of: ". ") else { return hasSuffix(".") ? String(dropLast()) : self }
        return String(self[..<end.lowerBound])
    }

    /// Lines of at most so many columns, where words allow it.
    fileprivate func broken(to width: Int) -> [String] {
        var lines = [""]
        for word in split(separator: " ") {
            let line = lines[lines.count - 1]
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(String(word))
            } else {
                lines[lines.count - 1] = line.isEmpty ? String(word) : "\(line) \(word)"
            }
        }
        return lines
    }

    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

import KafkaProducer

/// What Tab offers at the prompt: commands and their arguments, names of Lua, topics, configuration keys, files.
struct PromptCompletion {
    /// The names in the value that a path of names leads to, each with the type of what it names.
    let names: (_ path: [String]) -> [String: String]
    let topics: () -> [String]
    var files: (_ prefix: String) -> [String] = FileNames.beginning

    func completion(of text: String, cursor: Int) -> Completion {
        let before = Array(text.prefix(cursor))
        if before.first(where: { !$0.isWhitespace }) == "\\" { return command(before) }
        let keys = ConfigurationCompletion.completion(of: text, cursor: cursor)
        if !keys.candidates.isEmpty { return keys }
        let context = LuaContext(before)
        if context.isInComment { return .none }
        if let start = context.openString { return string(before, start, context) }
        return context.name.map(name) ?? .none
    }

    // MARK: - Commands

    private func command(_ before: [Character]) -> Completion {
        let start = (before.firstIndex(of: "\\") ?? 0) + 1
        let wordStart = before.lastIndex(where: \.isWhitespace).map { $0 + 1 } ?? 0
        let typed = Words.split(String(before[start...]))
        if wordStart <= start {
            return offer(BackslashCommand.table.map(\.name), for: before, from: start)
        }
        guard let command = typed.first.flatMap({ BackslashCommand.named($0) }) else { return .none }
        let number = wordStart == before.count ? typed.count - 1 : typed.count - 2
        let word = String(before[wordStart...])
        if command.action == .set, number == 0 || typed[1].contains("=") {
            return offer(assignments(word, isFirst: number == 0), for: before, from: wordStart)
        }
        guard command.kinds.indices.contains(number) else { return .none }
        return offer(candidates(command.kinds[number], word, typed), for: before, from: wordStart)
    }

    private func candidates(_ kind: BackslashCommand.Argument, _ word: String, _ typed: [String]) -> [String] {
        switch kind {
        case .topic: topics()
        case .file, .configuration: files(word)
        case .role: ["partitioner", "interceptor", "serializer"]
        case .flag: ["on", "off"]
        case .format: OutputFormat.allCases.map(\.rawValue)
        case .key: ConfigurationKey.all.map(\.name)
        case .value: choices(of: typed[1])
        case .subject: HelpText.subjects
        case .text: []
        }
    }

    /// `KEY=VALUE`, as `\set` takes several of them.
    private func assignments(_ word: String, isFirst: Bool) -> [String] {
        guard let sign = word.firstIndex(of: "=") else {
            return ConfigurationKey.all.map { isFirst ? $0.name : $0.name + "=" }
        }
        return choices(of: String(word[..<sign])).map { word[...sign] + $0 }
    }

    private func choices(of key: String) -> [String] { ConfigurationKey.all.first { $0.name == key }?.choices ?? [] }

    // MARK: - Lua

    /// Functions whose string in that place is a topic, or a file.
    private static let topicArguments = ["send": 1, "tail": 1, "partitions": 1]
    private static let fileArguments = [
        "dofile": 1, "loadfile": 1, "open": 1, "lines": 1, "csv": 1, "workers": 2, "swap": 2,
    ]
    private static let fileFields: Set<String> = ["partitioner", "interceptors", "serializer"]

    private func string(_ before: [Character], _ start: Int, _ context: LuaContext) -> Completion {
        let role = context.stringRole
        let typed = String(before[start...])
        if role.field == "topic" || role.function.flatMap({ Self.topicArguments[$0] }) == role.argument {
            return offer(topics(), for: before, from: start)
        }
        let isFile =
            role.field.map(Self.fileFields.contains) ?? false
            || role.function.flatMap { Self.fileArguments[$0] } == role.argument
        return isFile || typed.contains("/") ? offer(files(typed), for: before, from: start) : .none
    }

    private func name(_ name: LuaContext.Name) -> Completion {
        var candidates = names(name.path).filter { LuaName.isName(Array($0.key.utf8)) }
        if name.isMethod { candidates = candidates.filter { $0.value == "function" } }
        var all = Array(candidates.keys)
        if name.path.isEmpty {
            guard !name.range.isEmpty else { return .none }
            all += LuaName.reserved
        }
        return Self.offer(all, for: name.typed, in: name.range)
    }

    private func offer(_ candidates: [String], for before: [Character], from start: Int) -> Completion {
        Self.offer(candidates, for: String(before[start...]), in: start..<before.count)
    }

    private static func offer(_ candidates: [String], for typed: String, in range: Range<Int>) -> Completion {
        let matching = Set(candidates).filter { $0.hasPrefix(typed) }.sorted()
        return matching.isEmpty || matching == [typed] ? .none : Completion(replacing: range, candidates: matching)
    }
}

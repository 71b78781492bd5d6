/// A command of the prompt that is not Lua.
struct BackslashCommand: Sendable {
    /// A command with what was typed after it.
    struct Call: Equatable, Sendable {
        var action: Action
        var arguments: [String]
    }

    /// What a command does.
    enum Action: String, Sendable {
        case help, quit, topics, send, tail, source, timing, output, stats
    }

    let name: String
    /// How it is called, for `\help`.
    let arguments: String
    let summary: String
    let example: String
    let action: Action
    /// How many arguments it takes.
    let count: ClosedRange<Int>

    static let table: [BackslashCommand] = [
        .init(
            name: "help", arguments: "[COMMAND]", summary: "lists the commands, or explains one",
            example: "\\help source", action: .help, count: 0...1),
        .init(
            name: "topics", arguments: "", summary: "lists the topics",
            example: "\\topics", action: .topics, count: 0...0),
        .init(
            name: "send", arguments: "TOPIC VALUE [KEY]", summary: "sends one record",
            example: "\\send orders \"two words\" k1", action: .send, count: 2...3),
        .init(
            name: "tail", arguments: "TOPIC", summary: "prints the records of a topic, until Ctrl-C",
            example: "\\tail orders", action: .tail, count: 1...1),
        .init(
            name: "source", arguments: "FILE", summary: "runs a Lua file in this session",
            example: "\\source setup.lua", action: .source, count: 1...1),
        .init(
            name: "stats", arguments: "[--html FILE | --reset]",
            summary:
                "draws throughput, latency and partitions of what was sent; or writes them to a page, or begins anew",
            example: "\\stats --html stats.html", action: .stats, count: 0...2),
        .init(
            name: "timing", arguments: "[on|off]", summary: "shows how long each block takes",
            example: "\\timing on", action: .timing, count: 0...1),
        .init(
            name: "output", arguments: "table|json", summary: "chooses how results are printed",
            example: "\\output json", action: .output, count: 1...1),
        .init(
            name: "q", arguments: "", summary: "sends what waits, then quits, as Ctrl-D does",
            example: "\\q", action: .quit, count: 0...0),
    ]

    /// `\source FILE`
    var usage: String { arguments.isEmpty ? "\\\(name)" : "\\\(name) \(arguments)" }

    static func named(_ name: some StringProtocol) -> BackslashCommand? { table.first { $0.name == name } }

    /// Finds the command of a line that begins with a backslash.
    static func parse(_ line: String) -> ChunkPlan {
        let words = Words.split(line.dropFirst())
        guard let name = words.first else { return .command(.init(action: .help, arguments: [])) }
        guard let command = named(name) else {
            return .invalid(Failure("there is no command \\\(name)", hint: "\\help lists the commands"))
        }
        let arguments = Array(words.dropFirst())
        guard command.count.contains(arguments.count) else {
            return .invalid(Failure("usage: \(command.usage)", hint: "for example: \(command.example)"))
        }
        return .command(Call(action: command.action, arguments: arguments))
    }

    /// What `\help` prints; nil for a command that does not exist.
    static func help(on name: String?) -> String? {
        if let name {
            let bare = name.hasPrefix("\\") ? String(name.dropFirst()) : name
            return named(bare).map { "\($0.usage)\n  \($0.summary)\n  for example: \($0.example)\n" }
        }
        let width = table.map(\.usage.count).max() ?? 0
        return table.map { command in
            let padding = String(repeating: " ", count: width - command.usage.count)
            return "  \(command.usage)\(padding)  \(command.summary)\n"
        }.joined()
    }
}

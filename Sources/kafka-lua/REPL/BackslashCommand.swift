import KafkaProducer

/// A command of the prompt that is not Lua.
struct BackslashCommand: Sendable {
    /// A command with what was typed after it.
    struct Call: Equatable, Sendable {
        var action: Action
        var arguments: [String]
    }

    /// What a command does.
    enum Action: String, Sendable {
        case help, quit, topics, topic, send, tail, use, swap, rollback, generation, scripts, watch, timing, output, set
        case source, edit, stats
    }

    /// What an argument is, for completion.
    enum Argument: Sendable { case topic, file, role, flag, format, key, value, configuration, subject, text }

    let name: String
    /// How it is called, for `\help`.
    let arguments: String
    let summary: String
    /// What else is to be known, a line each.
    var details: [String] = []
    let example: String
    let action: Action
    /// How many arguments it takes.
    let count: ClosedRange<Int>
    var kinds: [Argument] = []

    static let table: [BackslashCommand] = [
        .init(
            name: "help", arguments: "[TOPIC]", summary: "explains a command, a function or a key",
            details: [
                "\\help lua lists the functions, \\help keys the keys; \\help kafka.rate, \\help future:get,",
                "\\help record and \\help linger.ms explain one.",
            ], example: "\\help send", action: .help, count: 0...1, kinds: [.subject]),
        .init(
            name: "topics", arguments: "", summary: "lists the topics",
            example: "\\topics", action: .topics, count: 0...0),
        .init(
            name: "topic", arguments: "NAME", summary: "shows a topic's partitions and their offsets",
            example: "\\topic orders", action: .topic, count: 1...1, kinds: [.topic]),
        .init(
            name: "send", arguments: "TOPIC VALUE [KEY]", summary: "sends one record",
            example: "\\send orders \"two words\" k1", action: .send, count: 2...3, kinds: [.topic]),
        .init(
            name: "tail", arguments: "TOPIC", summary: "prints the last records of a topic and what follows",
            details: ["Ctrl-C ends it. Where no person reads along, it ends with the records that are there."],
            example: "\\tail orders", action: .tail, count: 1...1, kinds: [.topic]),
        .init(
            name: "use", arguments: "[CONFIG]", summary: "goes to another cluster, or tells which one is used",
            details: [
                "CONFIG is a .properties file, the name of one in ~/.config/kafka-lua, or host:port, which keeps",
                "the other keys. What was sent is delivered first; producers that were made stay where they are.",
            ], example: "\\use staging.properties", action: .use, count: 0...1, kinds: [.configuration]),
        .init(
            name: "swap", arguments: "ROLE FILE", summary: "exchanges a plugin while records flow",
            details: [
                "ROLE is partitioner, interceptor or serializer. Where the file does not do, the former goes on."
            ], example: "\\swap partitioner by_region.lua", action: .swap, count: 2...2, kinds: [.role, .file]),
        .init(
            name: "rollback", arguments: "ROLE", summary: "brings back the plugin before the present one",
            example: "\\rollback partitioner", action: .rollback, count: 1...1, kinds: [.role]),
        .init(
            name: "gen", arguments: "[ROLE]", summary: "tells how many versions of a plugin there have been",
            example: "\\gen partitioner", action: .generation, count: 0...1, kinds: [.role]),
        .init(
            name: "scripts", arguments: "", summary: "lists the plugins in force",
            example: "\\scripts", action: .scripts, count: 0...0),
        .init(
            name: "watch", arguments: "on|off", summary: "swaps in plugins whose files change",
            example: "\\watch on", action: .watch, count: 1...1, kinds: [.flag]),
        .init(
            name: "stats", arguments: "[--html FILE | --reset]",
            summary:
                "draws throughput, latency and partitions of what was sent; or writes them to a page, or begins anew",
            example: "\\stats --html stats.html", action: .stats, count: 0...2),
        .init(
            name: "timing", arguments: "[on|off]", summary: "shows how long each block takes",
            example: "\\timing on", action: .timing, count: 0...1, kinds: [.flag]),
        .init(
            name: "output", arguments: "table|json", summary: "chooses how results are printed",
            example: "\\output json", action: .output, count: 1...1, kinds: [.format]),
        .init(
            name: "set", arguments: "[KEY [VALUE]]", summary: "shows the configuration, or changes a key of it",
            details: [
                "\\set KEY=VALUE KEY=VALUE changes several at once, such as those that only work together.",
                "For producers that are made from now on; that of send() delivers what it has and is made anew.",
                "Secrets are not shown, and lines with one are not kept in the history.",
            ], example: "\\set linger.ms 20", action: .set, count: 0...Int.max, kinds: [.key, .value]),
        .init(
            name: "source", arguments: "FILE", summary: "runs a Lua file in this session",
            example: "\\source setup.lua", action: .source, count: 1...1, kinds: [.file]),
        .init(
            name: "edit", arguments: "[FILE]", summary: "edits the last block, or a file, then runs it",
            details: ["$VISUAL or $EDITOR names the editor."], example: "\\edit", action: .edit, count: 0...1,
            kinds: [.file]),
        .init(
            name: "q", arguments: "", summary: "sends what waits, then quits, as Ctrl-D does",
            example: "\\q", action: .quit, count: 0...0),
    ]

    /// What people are used to from other prompts.
    private static let aliases = ["?": "help", "h": "help", "quit": "q", "exit": "q", "generation": "gen"]
    /// Words without a backslash that cannot mean anything else.
    static let bareWords: Set<String> = ["help", "quit", "exit"]

    /// `\source FILE`
    var usage: String { arguments.isEmpty ? "\\\(name)" : "\\\(name) \(arguments)" }

    static func named(_ name: some StringProtocol) -> BackslashCommand? {
        let name = aliases[String(name)] ?? String(name)
        return table.first { $0.name == name }
    }

    /// Finds the command of a line that begins with a backslash.
    static func parse(_ line: String) -> ChunkPlan {
        let words = Words.split(line.dropFirst())
        guard let name = words.first else { return .command(.init(action: .help, arguments: [])) }
        guard let command = named(name) else { return .invalid(unknown(name)) }
        let arguments = Array(words.dropFirst())
        guard command.count.contains(arguments.count) else {
            return .invalid(Failure("usage: \(command.usage)", hint: "for example: \(command.example)"))
        }
        return .command(Call(action: command.action, arguments: arguments))
    }

    private static func unknown(_ name: String) -> Failure {
        let nearest = Spelling.nearest(to: name, among: table.map(\.name))
        return Failure(
            "there is no command \\\(name)",
            hint: nearest.map { "did you mean \\\($0)?" } ?? "\\help lists the commands")
    }

    /// What `\help` prints of one.
    var help: String {
        ([usage, "  \(summary)"] + details.map { "  \($0)" } + ["  for example: \(example)"]).joined(separator: "\n")
            + "\n"
    }
}

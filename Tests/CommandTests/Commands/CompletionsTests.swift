import ChildProcess
import TestSupport
import Testing

@testable import kafka_lua

/// The completions in the shells they are for, as somebody types there. Shells that are not installed are passed over.
@Suite struct CompletionsTests {
    private static func isInstalled(_ shell: String) -> Bool {
        (try? ChildProcess.runBlocking("/bin/sh", ["-c", "command -v \(shell)"]).status) == 0
    }

    /// A folder with the completions, as `_kafka-lua`, and files to complete.
    private func folder(_ shell: Shell) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(Array(CompletionScript.text(for: shell).utf8), to: "_kafka-lua")
        for name in ["vip.lua", "client.properties", "notes.txt"] { try folder.write([], to: name) }
        return folder
    }

    @Test(arguments: Shell.allCases.filter { isInstalled($0.rawValue) }) func theShellTakesThem(shell: Shell)
        async throws
    {
        let folder = try folder(shell)
        let outcome = try await ChildProcess.run(shell.rawValue, ["-n", "\(folder.path)/_kafka-lua"])
        #expect(outcome.status == 0)
        #expect(outcome.output + outcome.errors == "")
    }

    /// What is typed, and the arguments that come of it.
    private static let typed = [
        ("se\t-t x v", "<send><-t><x><v>"), ("send --format js\t", "<send><--format><json>"),
        ("send --partitioner v\t", "<send><--partitioner><vip.lua>"), ("run v\ta", "<run><vip.lua><a>"),
        ("tail t -F cl\t", "<tail><t><-F><client.properties>"), ("check v\t", "<check><vip.lua>"),
        ("completions z\t", "<completions><zsh>"), ("config linge\t", "<config><linger.ms>"),
        ("perf -X linge\t5", "<perf><-X><linger.ms=5>"),
        ("send -X compression.t\tgz\tv", "<send><-X><compression.type=gzip><v>"),
        ("send -X acks=a\tv", "<send><-X><acks=all><v>"),
        ("send --property client.i\tme", "<send><--property><client.id=me>"),
    ]
    /// Where zsh shows a list first.
    private static let typedInBash = typed + [("send --form\tjs\t", "<send><--format><json>")]

    /// Types each line in a shell where `kafka-lua` is a function that shows its arguments.
    private func complete(
        _ lines: [(String, String)], _ program: String, _ arguments: [String], _ start: String,
        in folder: TemporaryFolder
    ) throws {
        let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path, "LC_ALL": "C.UTF-8"]
        var terminal = try PseudoTerminal(program, arguments, environment: environment, columns: 200)
        let show = "kafka-lua() { printf '<%s>' \"$@\"; echo; }; PS1='re''ady '"
        terminal.type("cd '\(folder.path)'; \(show); \(start)\r")
        for (line, expected) in lines {
            _ = try terminal.read(upTo: "ready ", within: .seconds(60))
            terminal.type("kafka-lua \(line)\r")
            #expect(throws: Never.self, "\(line)") { try terminal.read(upTo: expected, within: .seconds(60)) }
        }
        terminal.type("exit\r")
        _ = try terminal.finish(within: .seconds(60))
    }

    @Test(.enabled(if: isInstalled("bash"))) func bashCompletes() throws {
        try complete(Self.typedInBash, "bash", ["--norc", "--noprofile", "-i"], ". ./_kafka-lua", in: folder(.bash))
    }

    @Test(.enabled(if: isInstalled("zsh"))) func zshCompletes() throws {
        let start = "fpath=($PWD $fpath); autoload -U compinit; compinit -u -d $PWD/dump"
        try complete(Self.typed, "zsh", ["-f", "-i"], start, in: folder(.zsh))
    }

    @Test(.enabled(if: isInstalled("fish"))) func fishCompletes() async throws {
        let folder = try folder(.fish)
        for (line, expected) in [
            ("kafka-lua se", "send\t"), ("kafka-lua send --form", "--format\t"),
            ("kafka-lua send --format js", "json\t"),
            ("kafka-lua run vi", "vip.lua"), ("kafka-lua tail t -F cl", "client.properties"),
            ("kafka-lua send -X compression.type=gz", "compression.type=gzip"), ("kafka-lua config linge", "linger.ms"),
        ] {
            let outcome = try await ChildProcess.run(
                "fish", ["-c", "cd $argv[1]; source _kafka-lua; complete -C $argv[2]", folder.path, line],
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path], within: .seconds(60))
            #expect(outcome.lines.contains { $0.hasPrefix(expected) }, "\(line): \(outcome.output)\(outcome.errors)")
        }
    }
}

import ChildProcess
import DevBroker
import TestSupport
import Testing

@testable import kafka_lua

/// The examples of `\help`, as if they had been pasted.
@Suite struct CommandExampleTests {
    /// In a folder with the files that the examples name, after the lines that they need.
    private func session(_ lines: [String], _ body: (Outcome) throws -> Void) async throws {
        let broker = DevBroker()
        try await broker.start()
        let folder = try TemporaryFolder()
        let partitioner = "return { partition = function(record, topic) return 1 end }"
        _ = try folder.write(Array(partitioner.utf8), to: "by_region.lua")
        _ = try folder.write(Array("setup = 'done'\nreturn setup".utf8), to: "setup.lua")
        let properties =
            "bootstrap.servers=\(broker.bootstrapServers)\nlinger.ms=7\nsasl.username=alice\nsasl.password=hunter2-Zq9\n"
        _ = try folder.write(Array(properties.utf8), to: "staging.properties")
        let outcome = try await ChildProcess.run(
            "/bin/sh",
            ["-c", "cd \"$0\" && exec \"$1\" -b \"$2\"", folder.path, Program.path(), broker.bootstrapServers],
            input: lines.joined(separator: "\n"), environment: Program.environment, within: .seconds(60))
        try body(outcome)
        try await broker.shutdown()
    }

    private static let needed: [BackslashCommand.Action: [String]] = [
        .tail: ["\\send orders v"], .topic: ["\\send orders v"],
        .rollback: ["\\swap partitioner by_region.lua", "\\swap partitioner by_region.lua"],
    ]

    /// Two want a terminal, and have tests with one.
    @Test(arguments: BackslashCommand.table.filter { ![.edit, .stats].contains($0.action) }) func theExampleWorks(
        command: BackslashCommand
    ) async throws {
        try await session(Self.needed[command.action, default: []] + [command.example]) { outcome in
            #expect(outcome.errors == "")
            #expect(outcome.status == 0)
            if command.action != .quit { #expect(outcome.output != "") }
        }
    }

    @Test func pluginsAreExchangedAndLookedAt() async throws {
        try await session([
            "\\swap partitioner by_region.lua", "send('t', 'k', 'v'):get().partition", "\\gen", "\\scripts",
            "\\rollback partitioner",
        ]) { outcome in
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("no earlier version of the partitioner"))
            #expect(
                outcome.lines.prefix(3) == [
                    #"{"role":"partitioner","generation":1}"#, "1",
                    #"{"partitioner":1,"interceptor":0,"serializer":0}"#,
                ])
            #expect(outcome.lines.last?.contains("by_region.lua") == true)
        }
    }

    /// A variable of the same name is in no command's way.
    @Test func commandsWorkWhateverAScriptHasMadeOfTheGlobals() async throws {
        try await session(["send, topics, swap = 1, 2, 3", "\\send orders v", "\\topics"]) { outcome in
            #expect(outcome.errors == "")
            #expect(outcome.lines.last == #"["orders"]"#)
        }
    }

    @Test func theConfigurationIsChangedAndShownWithoutSecrets() async throws {
        try await session([
            "\\set linger.ms 20", "\\set linger.ms", "\\use staging.properties", "\\set", "\\set acks",
            "\\set lingr.ms 5",
        ]) { outcome in
            #expect(outcome.output.contains("linger.ms = 20\nlinger.ms = 20\nusing 127.0.0.1:"))
            #expect(outcome.output.contains("linger.ms = 7\nsasl.password = ***\nsasl.username = alice\n"))
            #expect(outcome.output.contains("acks = all  (the default)"))
            #expect(outcome.errors.contains("did you mean 'linger.ms'?"))
            #expect(outcome.status == 1)
            #expect(!(outcome.output + outcome.errors).contains("hunter2"))
        }
    }

    @Test func keysThatOnlyWorkTogetherAreSetAtOnce() async throws {
        try await session([
            "\\set sasl.username=alice sasl.password='hunter2-Zq9'", "send('t', 'k', 'v'):get().topic",
        ]) { outcome in
            #expect(outcome.output == "sasl.username = alice\nsasl.password = ***\n\"t\"\n")
            #expect(outcome.errors == "")
        }
        try await session(["\\set sasl.username alice"]) { outcome in
            #expect(outcome.errors.contains("sasl.username and sasl.password must be given together"))
            #expect(outcome.errors.contains("hint: \\set KEY=VALUE KEY=VALUE"))
            #expect(outcome.status == 1)
        }
    }

    @Test(arguments: [
        ("\\topic nowhere", "topic 'nowhere'"), ("\\use nowhere", "there is no configuration nowhere"),
        ("\\swap partitioner nowhere.lua", "nowhere.lua"), ("\\swap nothing x.lua", "a role is 'partitioner'"),
        ("\\edit", "needs a terminal"), ("\\topcs", "did you mean \\topics?"), ("\\set batch.size x", "batch.size"),
        ("\\help lingr.ms", "did you mean \\help linger.ms?"), ("\\source nowhere.lua", "cannot open nowhere.lua"),
    ]) func whatCannotBeSaysWhy(line: String, message: String) async throws {
        try await session([line]) { outcome in
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains(message))
        }
    }
}

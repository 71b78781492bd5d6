import ArgumentParser
import ChildProcess
import DevBroker
import TestSupport
import Testing

@testable import kafka_lua

@Suite struct HelpTests {
    /// The lines of a command's help that call the program.
    private static func examples(of command: any ParsableCommand.Type) -> [String] {
        command.configuration.discussion.split(separator: "\n").map { $0.drop { $0 == " " } }
            .filter { $0.hasPrefix("kafka-lua ") || $0.hasSuffix("| kafka-lua") || $0.contains("| kafka-lua ") }
            .map(String.init)
    }

    @Test func eachCommandHasExamplesThatAreTaken() throws {
        for command in KafkaLuaCommand.configuration.subcommands {
            let examples = Self.examples(of: command)
            #expect(!examples.isEmpty, "\(command)")
            for example in examples {
                // The part that calls the program, without what the shell takes away, and what explains it.
                let call = example[try #require(example.firstRange(of: "kafka-lua")).upperBound...]
                let words = Words.split(
                    call.prefix { !"|<>".contains($0) }.replacing("        for benchmarks", with: ""))
                #expect(throws: Never.self, "\(example)") { try Entry.parse(words) }
            }
        }
    }

    /// The examples of the commands that send and look, in a shell.
    @Test(arguments: [
        "printf 'a\\nb\\n' | kafka-lua send -b BROKER -t x", "kafka-lua send -b BROKER -t orders hello",
        "kafka-lua send -b BROKER -t orders -k k1 -Z NULL NULL",
        "kafka-lua send -b BROKER -t orders -X value.serializer=int64 42",
        "printf 'id,n\\n1,2\\n' | kafka-lua send -b BROKER -t orders --format csv --key-column id",
        "printf 'k:v' | kafka-lua send -b BROKER -t orders -K:",
        "kafka-lua send -b BROKER -t a v && kafka-lua tail a -b BROKER -e -o json | kafka-lua send -b BROKER -t b --format json",
        "printf 'send(\"t\", nil, \"v\")' | kafka-lua run -b BROKER -", "echo 'return 1' | kafka-lua -b BROKER",
        "kafka-lua perf -b BROKER -t load --records 1000 --json", "kafka-lua config linger.ms", "kafka-lua man",
    ])
    func callsOfTheShellSucceed(call: String) async throws {
        let broker = DevBroker()
        try await broker.start()
        let folder = try TemporaryFolder()
        let script = call.replacing("BROKER", with: broker.bootstrapServers)
            .replacing("kafka-lua ", with: "\(try Program.path()) ")
        let outcome = try await ChildProcess.run(
            "/bin/sh", ["-c", "cd '\(folder.path)' && \(script)"], environment: Program.environment,
            within: .seconds(60))
        #expect(outcome.status == 0, "\(outcome.errors)")
        try await broker.shutdown()
    }

    @Test func theManualHasAllCommands() {
        let page = ManualPage.text
        for command in KafkaLuaCommand.configuration.subcommands {
            let name = command.configuration.commandName ?? ""
            #expect(page.contains("KAFKA\\-LUA \(name.uppercased().replacing("-", with: "\\-"))"))
        }
        #expect(ManualPage.escaped(".x\n'y\n\\-") == "\\&.x\n\\&'y\n\\e\\-")
    }
}

import ChildProcess
import DevBroker
import TestSupport
import Testing

@testable import kafka_lua

/// What the README shows is what happens. Each of its blocks has a row here, which says who tries it.
@Suite(.serialized) struct ReadmeTests {
    struct Block: CustomTestStringConvertible {
        var language: String
        var text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var testDescription: String { String(lines.first ?? "") }
    }

    /// How a block is tried.
    enum Trial: Sendable {
        /// Run as a script by `kafka-lua run`, with arguments.
        case script([String])
        /// Taken by `kafka-lua check --as`.
        case plugin(String)
        /// Taken by `kafka-lua config -F`.
        case properties
        /// By the test of that name, in this suite if it says no other.
        case test(String)
        /// By nobody, and why.
        case untried(String)
    }

    /// The blocks, by what stands in them.
    private static let trials: [(part: String, trial: Trial)] = [
        ("scripts/kafka-lua       #", .untried("builds the program; scripts/test is what runs this")),
        ("kafka> send{topic=\"orders\"", .test("thePromptAnswersAsShown")),
        ("PARTITION    OFFSET  TIMESTAMP", .test("tailPrintsAsShown")),
        ("kafka> \\stats", .test("theBarsAreAsShown")),
        ("fire and forget\")\n\nlocal metadata", .script([])),
        ("p:transaction(function(tx)", .script([])),
        ("partition = function(record, count)", .plugin("partitioner")),
        ("kafka.csv(arg[1])", .script(["orders.csv"])),
        ("import KafkaProducer\n\nlet configuration", .untried("Swift: calls of a library, not of the program")),
        ("import KafkaLua\nimport KafkaProducer", .test("LuaScriptTests.theREADMEsExampleWorks")),
        ("bootstrap.servers=broker:9093", .properties),
        ("scripts/simulate ", .untried("measures and simulates for minutes")),
    ]

    private static let blocks: [Block] = {
        guard let bytes = try? SourceFile.bytes(Repository.path + "/README.md") else { return [] }
        // Text and blocks take turns; a block begins with its language.
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "```", omittingEmptySubsequences: false)
        return stride(from: 1, to: parts.count, by: 2).map { index in
            let lines = parts[index].split(separator: "\n", omittingEmptySubsequences: false)
            return Block(language: String(lines[0]), text: lines.dropFirst().joined(separator: "\n"))
        }
    }()

    private func block(_ part: String) throws -> Block {
        try #require(Self.blocks.first { $0.text.contains(part) })
    }

    @Test func everyBlockHasARowAndEveryRowABlock() {
        for block in Self.blocks {
            #expect(Self.trials.count { block.text.contains($0.part) } == 1, "\(block.text)")
        }
        for (part, _) in Self.trials { #expect(Self.blocks.contains { $0.text.contains(part) }, "\(part)") }
    }

    @Test(arguments: blocks) func theBlockWorks(block: Block) async throws {
        let row = try #require(Self.trials.first { block.text.contains($0.part) })
        let broker = DevBroker()
        try await broker.start()
        let folder = try ExampleFolder()
        let command: String
        switch row.trial {
        case .untried, .test: return
        case .script(let arguments):
            try folder.write(block.text, to: "block.lua")
            command = (["kafka-lua run -b \(broker.bootstrapServers) block.lua"] + arguments).joined(separator: " ")
        case .plugin(let role):
            try folder.write(block.text, to: "block.lua")
            command = "kafka-lua check --as \(role) block.lua"
        case .properties:
            let tls = try TLSFiles.shared()
            try folder.write(tls.text(tls.certificate("ca")), to: "ca.pem")
            try folder.write(block.text.replacing("/etc/kafka/ca.pem", with: "ca.pem"), to: "block.properties")
            command = "kafka-lua config -F block.properties"
        }
        // The blocks before it have made the topic.
        let before = try await folder.run("kafka-lua send -b \(broker.bootstrapServers) -t orders v")
        let outcome = try await folder.run(command)
        #expect(before.status == 0)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(!outcome.errors.contains("error:"), "\(outcome.errors)")
        try await broker.shutdown()
    }

    /// The calls that stand in its sentences and tables.
    @Test func theCallsAreTaken() throws {
        let text = String(decoding: try SourceFile.bytes(Repository.path + "/README.md"), as: UTF8.self)
        let calls = text.matches(of: /`(?:scripts\/)?kafka-lua( [^`>]*)(?:>[^`]*)?`/).map { String($0.1) }
        #expect(calls.count > 10)
        for call in calls {
            #expect(throws: Never.self, "\(call)") {
                try Entry.parse(Words.split(call == " send" ? " send -t t" : call.replacing("SHELL", with: "bash")))
            }
        }
    }

    /// Without what differs from one time to the next.
    private func steady(_ text: some StringProtocol) -> String {
        String(text).replacing(/127\.0\.0\.1:[0-9]+/, with: "127.0.0.1:PORT").replacing(/\b1[0-9]{12}\b/, with: "TIME")
            .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/, with: "TIME")
    }

    @Test func thePromptAnswersAsShown() async throws {
        let block = try block("kafka> send{topic=\"orders\"")
        var terminal = try TerminalScreen(columns: 120, rows: 30)
        for line in block.lines where !line.isEmpty {
            if line.hasPrefix("kafka> ") {
                try terminal.enter(String(line.dropFirst("kafka> ".count)))
            } else {
                let expected = steady(line)
                try terminal.wait { screen in screen.lines.contains { steady($0) == expected } }
            }
        }
        try terminal.prompt()
        terminal.type("\u{04}")
        #expect(try terminal.finish().status == 0)
    }

    @Test func tailPrintsAsShown() async throws {
        let broker = DevBroker()
        try await broker.start()
        let sent = try await Program.run("send", "-b", broker.bootstrapServers, "-t", "orders", "-k", "k1", "你好")
        #expect(sent.status == 0)
        let tail = try await Program.run("tail", "orders", "-b", broker.bootstrapServers, "-e")
        #expect(steady(tail.output) == steady(try block("PARTITION    OFFSET  TIMESTAMP").text))
        try await broker.shutdown()
    }

    @Test func theBarsAreAsShown() throws {
        let block = try block("kafka> \\stats")
        let width = try #require(block.lines.map { DisplayWidth.of(String($0)) }.max())
        let style = ChartStyle(width: width, glyphs: .unicode, palette: .plain)
        let lines = PartitionChart.lines([100, 0, 300, 1200], topic: "orders", style)
        #expect(block.lines.dropFirst().filter { !$0.isEmpty }.map(String.init) == lines)
    }
}

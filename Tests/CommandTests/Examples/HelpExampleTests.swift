import ArgumentParser
import ChildProcess
import DevBroker
import Testing

@testable import kafka_lua

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Each example of each `--help`, typed in a shell.
@Suite(.serialized) struct HelpExampleTests {
    /// The lines of the help texts that call the program, without what explains them.
    private static let examples: [String] = {
        let commands: [any ParsableCommand.Type] = [KafkaLuaCommand.self] + KafkaLuaCommand.configuration.subcommands
        return commands.flatMap { $0.configuration.discussion.split(separator: "\n").compactMap(call) }
    }()

    /// The call that stands on a line, if one does.
    private static func call(_ line: Substring) -> String? {
        let text = line.trimmingWhitespace()
        let call = text.firstRange(of: "  ").map { String(text[..<$0.lowerBound]) } ?? text
        return call == "kafka-lua" || call.hasPrefix("kafka-lua ") || call.contains("| kafka-lua") ? call : nil
    }

    private static func isBroker(_ example: String) -> Bool { example.hasPrefix("kafka-lua broker") }

    @Test func thereAreExamples() {
        #expect(Self.examples.count > 40)
        #expect(Self.examples.contains("kafka-lua"))
    }

    /// With the address of a broker of the test, fewer records, and an end for what would go on.
    private func adapted(_ example: String, _ servers: String) -> String {
        var call = example.replacing("localhost:9092", with: servers)
        let isWithoutBroker = !call.contains(" -b ")
        for (command, options) in [("send", ""), ("tail", " -n 1"), ("perf", "")] {
            call = call.replacing(
                "kafka-lua \(command)",
                with: "kafka-lua \(command)\(isWithoutBroker ? " -b \(servers)" : "")\(options)")
        }
        return call.hasPrefix("kafka-lua perf") ? call + " --records 1000" : call
    }

    @Test(arguments: examples.filter { !isBroker($0) }) func itSucceeds(example: String) async throws {
        var configuration = DevBrokerConfiguration()
        configuration.partitionsPerTopic = 1
        let broker = DevBroker(configuration)
        try await broker.start()
        let folder = try ExampleFolder()
        let servers = broker.bootstrapServers
        let before = try await folder.run("kafka-lua send -b \(servers) -t orders -k k1 hello")
        #expect(before.status == 0)
        let outcome = try await folder.run(adapted(example, servers))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(!outcome.errors.contains("error:"), "\(outcome.errors)")
        try await broker.shutdown()
    }

    /// On a port and in a folder of the test's own; a broker serves until it is told to end.
    @Test(arguments: examples.filter(isBroker)) func theBrokerServes(example: String) async throws {
        let folder = try ExampleFolder()
        let call = example.replacing("/tmp/records", with: "records") + " --port 0"
        var broker = try ChildProcess("/bin/sh", folder.shell("exec \(call)"), environment: folder.environment)
        let addresses = try broker.readLine(within: .seconds(60))
        #expect(addresses?.hasPrefix("127.0.0.1:") == true)
        broker.signal(SIGTERM)
        let outcome = try broker.finish(within: .seconds(60))
        #expect(outcome.status == 0, "\(outcome.errors)")
    }
}

import ArgumentParser

/// The name of the topic that all cases send to.
let topic = "benchmark"

@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kafka-lua-benchmarks",
        abstract: "Measures kafka-lua and librdkafka in turn against the same discarding broker.",
        subcommands: [CompareCommand.self, InstructionsCommand.self, TurnCommand.self, BrokerCommand.self],
        defaultSubcommand: CompareCommand.self)
}

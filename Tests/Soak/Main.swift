import ArgumentParser

/// `swift run -c release soak`.
@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak", abstract: "Long runs of the producer, in a process of its own.",
        subcommands: [SoakCommand.self, SwapCommand.self, FloodCommand.self], defaultSubcommand: SoakCommand.self)
}

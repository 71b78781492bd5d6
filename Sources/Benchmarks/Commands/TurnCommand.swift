import ArgumentParser

/// One turn, in the process that `CompareCommand` or `InstructionsCommand` starts for it.
struct TurnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "turn", shouldDisplay: false)

    @Option(name: .customLong("case")) var name: String
    @Option var contender: ContenderName
    @Option var records: Int
    @Option var bootstrapServer: String
    /// Milliseconds, instead of the case's own.
    @Option var linger: Int?

    func run() throws {
        guard var benchmark = BenchmarkCase.named(name) else { throw ValidationError("no case \(name)") }
        if let linger { benchmark.settings["linger.ms"] = "\(linger)" }
        let turn = Turn(
            benchmark: benchmark, contender: contender, bootstrapServers: bootstrapServer, records: records)
        print(try turn.run().line)
    }
}

extension ContenderName: ExpressibleByArgument {}

import ArgumentParser

/// One turn, in the process that `CompareCommand` starts for it.
struct TurnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "turn", shouldDisplay: false)

    @Option(name: .customLong("case")) var name: String
    @Option var contender: ContenderName
    @Option var records: Int
    @Option var bootstrapServer: String

    func run() throws {
        guard let benchmark = BenchmarkCase.named(name) else { throw ValidationError("no case \(name)") }
        let turn = Turn(
            benchmark: benchmark, contender: contender, bootstrapServers: bootstrapServer, records: records)
        print(try turn.run().line)
    }
}

extension ContenderName: ExpressibleByArgument {}

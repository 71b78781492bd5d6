import ChildProcess

/// Runs the contenders of a case in turn, each turn in a process of its own.
struct Comparison {
    let benchmark: BenchmarkCase
    let contenders: [ContenderName]
    let turns: Int
    let records: Int
    /// Called before each turn.
    let progress: (_ turn: Int, _ contender: ContenderName) -> Void

    /// The longest a turn may take.
    private static let turnLimit = Duration.seconds(300)

    /// The medians, in the order of the contenders.
    func run(bootstrapServers: String) throws -> [(contender: ContenderName, result: TurnResult)] {
        var results = [ContenderName: [TurnResult]]()
        for turn in 0..<turns {
            // Who goes first changes, so that neither always finds the machine warmed up by the other.
            for contender in turn.isMultiple(of: 2) ? contenders : contenders.reversed() {
                progress(turn, contender)
                results[contender, default: []].append(try run(contender, bootstrapServers))
            }
        }
        return contenders.compactMap { contender in
            TurnResult.median(of: results[contender] ?? []).map { (contender, $0) }
        }
    }

    private func run(_ contender: ContenderName, _ bootstrapServers: String) throws -> TurnResult {
        let outcome = try ChildProcess.runBlocking(
            CommandLine.arguments[0],
            [
                "turn", "--case", benchmark.name, "--contender", contender.rawValue, "--records", "\(records)",
                "--bootstrap-server", bootstrapServers,
            ],
            within: Self.turnLimit)
        guard outcome.status == 0, let line = outcome.lines.last, let result = TurnResult(line: String(line)) else {
            throw BenchmarkError("\(benchmark.name), \(contender.rawValue): \(outcome.errors)\(outcome.output)")
        }
        return result
    }
}

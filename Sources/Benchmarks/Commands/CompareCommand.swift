import ArgumentParser

/// Measures the cases picked and prints the medians as each case ends.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Measure each case, the contenders in turn (this is what runs by default).")

    @Option(help: "Measure only the cases whose names contain this; may be given several times.")
    var filter: [String] = []

    @Option(help: "Measure only this contender; may be given several times.")
    var contender: [ContenderName] = []

    @Option(help: "Records a turn, instead of each case's own number.")
    var records: Int?

    @Option(help: "Turns of each contender, taken alternately.")
    var turns = 5

    @Option(help: "Send to this broker instead of a discarding broker started for each case.")
    var bootstrapServer: String?

    @Flag(help: "Print JSON instead of a table: an object with the machine's facts, then one a case and contender.")
    var json = false

    @Flag(help: "List the cases and measure nothing.")
    var list = false

    func validate() throws {
        guard turns > 0, records ?? 1 > 0 else { throw ValidationError("There is nothing to do.") }
        guard !picked.isEmpty else {
            throw ValidationError("No case has such a name; --list shows them.")
        }
    }

    func run() throws {
        if list {
            for benchmark in picked { print(benchmark.name.left(Row.nameWidth) + benchmark.summary) }
            return
        }
        show(json ? Machine.current().json : Row.header)
        for benchmark in picked {
            for row in try measure(benchmark) { show(json ? row.json : row.text) }
        }
    }

    private var picked: [BenchmarkCase] { BenchmarkCase.matching(filter) }

    private func measure(_ benchmark: BenchmarkCase) throws -> [Row] {
        let comparison = Comparison(
            benchmark: benchmark,
            contenders: benchmark.contenders.filter { contender.isEmpty || contender.contains($0) }, turns: turns,
            records: records ?? benchmark.records,
            progress: { showProgress("\(benchmark.name): turn \($0 + 1) of \(turns), \($1.rawValue)") })
        defer { showProgress("") }
        let results = try withBroker(for: benchmark) { try comparison.run(bootstrapServers: $0) }
        return Row.rows(of: benchmark, results, turns: turns)
    }

    private func withBroker<Result>(for benchmark: BenchmarkCase, _ body: (String) throws -> Result) throws -> Result {
        if let bootstrapServer { return try body(bootstrapServer) }
        return try BrokerProcess.run(nodes: benchmark.nodes, partitions: benchmark.partitions, body)
    }
}

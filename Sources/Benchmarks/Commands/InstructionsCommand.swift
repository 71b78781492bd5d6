import ArgumentParser

/// Counts instructions a record, and fails where there are more than the thresholds allow.
struct InstructionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instructions", abstract: "Count the instructions a record of some cases, and check them.")

    @Option(help: "The file of the thresholds.")
    var thresholds: String

    @Option(help: "The folder that takes a profile a case, for callgrind_annotate.")
    var profiles: String

    @Option(help: "How often each case is counted, instead of once to check and three times to update.")
    var runs: Int?

    @Flag(help: "Write what was measured, and a margin, to the file of the thresholds.")
    var update = false

    @Flag(help: "Print one JSON object a case.")
    var json = false

    func validate() throws {
        guard runs ?? 1 > 0 else { throw ValidationError("There is nothing to do.") }
    }

    func run() throws {
        let thresholds = update ? nil : try InstructionThresholds(try TextFile.read(self.thresholds))
        let architecture = Machine.current().architecture
        if let thresholds, thresholds.architecture != architecture {
            warn("\(self.thresholds) is for \(thresholds.architecture): nothing is checked here.")
        }
        let checked = thresholds.flatMap { $0.architecture == architecture ? $0 : nil }

        var largest: [String: Double] = [:]
        var isExceeded = false
        for benchmark in InstructionCount.cases {
            var figures = try measure(benchmark, runs: runs ?? (update ? 3 : 1))
            if let least = figures.min(), checked?.allows(benchmark.name, least) == false {
                // A busy machine writes a batch in more parts; what the record costs is the least of several runs.
                figures += try measure(benchmark, runs: 2)
            }
            guard let least = figures.min() else { continue }
            largest[benchmark.name] = figures.max()
            show(json ? jsonText(benchmark.name, figures) : text(benchmark.name, figures))
            if let checked, !check(checked, benchmark.name, least) { isExceeded = true }
        }
        if update {
            let next = InstructionThresholds(architecture: architecture, measured: largest)
            try TextFile.write(next.text(order: InstructionCount.cases.map(\.name)), to: self.thresholds)
        }
        if isExceeded { throw ExitCode.failure }
    }

    private func measure(_ benchmark: BenchmarkCase, runs: Int) throws -> [Double] {
        try BrokerProcess.run(nodes: benchmark.nodes, partitions: benchmark.partitions) { servers in
            try (0..<runs).map { run in
                showProgress("\(benchmark.name): run \(run + 1) of \(runs)")
                defer { showProgress("") }
                let count = InstructionCount(
                    benchmark: benchmark, bootstrapServers: servers, profile: profile(benchmark.name))
                return try count.perRecord()
            }
        }
    }

    private func text(_ name: String, _ figures: [Double]) -> String {
        let least = figure(figures.min() ?? 0, digits: 1)
        let spread = figures.count > 1 ? ", at most \(figure(figures.max() ?? 0, digits: 1))" : ""
        return name.left(Row.nameWidth) + "\(least) instructions a record\(spread)"
    }

    private func jsonText(_ name: String, _ figures: [Double]) -> String {
        var line = JSONLine()
        line.add("case", name)
        line.add("instructionsPerRecord", figures.min() ?? 0)
        line.add("largest", figures.max() ?? 0)
        line.add("runs", figures.count)
        return line.text
    }

    private func profile(_ name: String) -> String { "\(profiles)/\(name).callgrind" }

    /// Says what is wrong with a figure, and what to do; returns whether it passes.
    private func check(_ limits: InstructionThresholds, _ name: String, _ measured: Double) -> Bool {
        let update = "scripts/bench --instructions --update"
        switch limits.verdict(name, measured) {
        case .passed: return true
        case .mayBeLowered:
            warn("\(name) has become cheaper: lower its threshold with \(update), so that it stays so.")
            return true
        case .exceeded(let limit):
            warn(
                """
                \(name) takes \(figure(measured, digits: 1)) instructions a record, and \(thresholds) allows \
                \(figure(limit, digits: 0)).
                What they are spent on: callgrind_annotate \(profile(name))
                Where they are worth it: \(update), and tell why in the commit.
                """)
            return false
        case .missing:
            warn("\(name) has no threshold in \(thresholds): \(update)")
            return false
        }
    }
}

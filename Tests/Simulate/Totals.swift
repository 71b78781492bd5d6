import ProducerSimulation

/// The sums over all schedules.
struct Totals<Outcome: SimulationOutcome>: Sendable {
    private var schedules = 0
    private var sums: [Int] = []
    private var failures: [Outcome] = []

    /// So many failures are shown.
    private static var shown: Int { 10 }

    var hasFailures: Bool { !failures.isEmpty }

    mutating func add(_ outcome: Outcome) {
        schedules += 1
        let counts = outcome.figures.map(\.count)
        sums = sums.isEmpty ? counts : zip(sums, counts).map(+)
        if !outcome.violations.isEmpty { failures.append(outcome) }
    }

    func description(of kind: String) -> String {
        let names = Outcome(seed: 0, violations: []).figures.map(\.name)
        let figures = zip(names, sums).map { "\($0) \($1)" }
        var lines = ["\(schedules) schedules of \(kind): " + figures.joined(separator: ", ")]
        for failure in failures.sorted(by: { $0.seed < $1.seed }).prefix(Self.shown) {
            lines.append("seed \(failure.seed): \(failure.violations.prefix(3).joined(separator: "; "))")
        }
        if !failures.isEmpty {
            lines.append(
                "\(failures.count) schedules broke a rule; --only \(kind) --schedules 1 --seed … plays one again")
        }
        return lines.joined(separator: "\n")
    }
}

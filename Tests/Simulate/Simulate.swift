import ArgumentParser
import Dispatch
import ProducerSimulation
import Synchronization

/// Plays many schedules of the simulation on all cores, and tells the seeds of those that broke a rule.
@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Plays seeded schedules of a producer in a simulated cluster.")

    @Option(help: "How many schedules.")
    var schedules = 100_000

    @Option(help: "The first seed; with --schedules 1, the one to play again.")
    var seed: UInt64 = 0

    @Option(help: "How many threads.")
    var threads = 2

    func run() throws {
        let totals = Mutex(Totals())
        let (count, first, step) = (UInt64(schedules), seed, UInt64(threads))
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for index in stride(from: UInt64(thread), to: count, by: Int(step)) {
                let outcome = Self.play(first + index)
                totals.withLock { $0.add(outcome) }
            }
        }
        let result = totals.withLock { $0 }
        print(result)
        if !result.failures.isEmpty { throw ExitCode.failure }
    }

    private static func play(_ seed: UInt64) -> Simulation.Outcome {
        do {
            return try Simulation(seed: seed).run()
        } catch {
            return Simulation.Outcome(seed: seed, violations: ["\(error)"])
        }
    }
}

/// The sums over all schedules.
struct Totals: CustomStringConvertible {
    private var schedules = 0
    private var sums = [Int](repeating: 0, count: columns.count)
    private(set) var failures: [Simulation.Outcome] = []

    private struct Column: Sendable {
        let name: String
        let count: any KeyPath<Simulation.Outcome, Int> & Sendable
    }

    private static let columns = [
        Column(name: "records", count: \.records), Column(name: "delivered", count: \.delivered),
        Column(name: "failed", count: \.failed), Column(name: "expired", count: \.expired),
        Column(name: "waits", count: \.waits), Column(name: "batches refused", count: \.refusals),
        Column(name: "repeated", count: \.duplicates), Column(name: "too large", count: \.tooLarge),
        Column(name: "new epochs", count: \.epochs),
    ]

    /// So many failures are shown.
    private static let shown = 10

    mutating func add(_ outcome: Simulation.Outcome) {
        schedules += 1
        for (place, column) in Self.columns.enumerated() { sums[place] += outcome[keyPath: column.count] }
        if !outcome.violations.isEmpty { failures.append(outcome) }
    }

    var description: String {
        let figures = zip(Self.columns, sums).map { "\($0.name) \($1)" }
        var lines = ["\(schedules) schedules: " + figures.joined(separator: ", ")]
        for failure in failures.sorted(by: { $0.seed < $1.seed }).prefix(Self.shown) {
            lines.append("seed \(failure.seed): \(failure.violations.prefix(3).joined(separator: "; "))")
        }
        if !failures.isEmpty {
            lines.append("\(failures.count) schedules broke a rule; --schedules 1 --seed … plays one again")
        }
        return lines.joined(separator: "\n")
    }
}

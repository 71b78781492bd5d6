import ArgumentParser
import Dispatch
import ProducerSimulation
import Synchronization

/// Plays many schedules of the simulation on all cores, and tells the seeds of those that broke a rule.
@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Plays seeded schedules of a producer in a simulated cluster.")

    enum Kind: String, ExpressibleByArgument {
        case records, transactions
    }

    @Option(help: "What is played; both unless told otherwise. A schedule of transactions has eleven or so.")
    var only: Kind?

    @Option(help: "How many of each kind; 100,000 of records and 10,000 of transactions unless told otherwise.")
    var schedules: Int?

    @Option(help: "The first seed; with --only and --schedules 1, the one to play again.")
    var seed: UInt64 = 0

    @Option(help: "How many threads.")
    var threads = 2

    func run() throws {
        var isSound = true
        if only != .transactions {
            isSound = play("records", schedules ?? 100_000) { try Simulation(seed: $0).run() }
        }
        if only != .records {
            isSound = play("transactions", schedules ?? 10_000) { try TransactionSimulation(seed: $0).run() } && isSound
        }
        if !isSound { throw ExitCode.failure }
    }

    /// Plays schedules of one kind; returns whether none broke a rule.
    private func play<Outcome: SimulationOutcome>(
        _ kind: String, _ count: Int, _ schedule: @Sendable (UInt64) throws -> Outcome
    ) -> Bool {
        let totals = Mutex(Totals<Outcome>())
        let (count, first, step) = (UInt64(count), seed, UInt64(threads))
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for index in stride(from: UInt64(thread), to: count, by: Int(step)) {
                let outcome: Outcome
                do {
                    outcome = try schedule(first + index)
                } catch {
                    outcome = Outcome(seed: first + index, violations: ["\(error)"])
                }
                totals.withLock { $0.add(outcome) }
            }
        }
        let result = totals.withLock { $0 }
        print(result.description(of: kind))
        return !result.hasFailures
    }
}

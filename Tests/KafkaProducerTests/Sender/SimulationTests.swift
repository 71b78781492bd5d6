import ProducerSimulation
import Testing

/// The first schedules of the simulation; `scripts/simulate` plays many more, in release.
@Suite struct SimulationTests {
    @Test func noScheduleBreaksARule() throws {
        for seed in 0..<300 as Range<UInt64> {
            let outcome = try Simulation(seed: seed).run()
            #expect(outcome.violations.isEmpty, "seed \(seed)")
        }
    }

    @Test func theSameSeedPlaysTheSameSchedule() throws {
        for seed in 0..<50 as Range<UInt64> {
            #expect(try Simulation(seed: seed).run() == Simulation(seed: seed).run())
        }
    }

    @Test("5.32 After any faults each committed transaction is there whole, and nothing of an aborted one")
    func noScheduleOfTransactionsBreaksARule() throws {
        var (committed, transactions) = (0, 0)
        for seed in 0..<60 as Range<UInt64> {
            let outcome = try TransactionSimulation(seed: seed).run()
            #expect(outcome.violations.isEmpty, "seed \(seed)")
            committed += outcome.committed
            transactions += outcome.transactions
        }
        // Where nothing is committed nothing is lost either.
        #expect(committed > transactions / 3)
    }

    @Test func theSameSeedPlaysTheSameTransactions() throws {
        for seed in 0..<10 as Range<UInt64> {
            #expect(try TransactionSimulation(seed: seed).run() == TransactionSimulation(seed: seed).run())
        }
    }
}

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
}

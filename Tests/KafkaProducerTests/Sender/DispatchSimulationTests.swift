import Testing

@testable import KafkaProducer

@Suite struct DispatchSimulationTests {
    @Test func eachBatchIsStoredOnceAndInOrderWhateverTheNetworkDoes() {
        var repetitions = 0
        for seed in 0..<2000 as Range<UInt64> {
            var simulation = DispatchSimulation(seed: seed, batches: 40, faults: .init())
            let isDone = simulation.run()
            #expect(isDone, "seed \(seed) does not come to an end")
            #expect(simulation.log == Array(0..<40), "seed \(seed)")
            #expect(simulation.acknowledged.sorted() == Array(0..<40), "seed \(seed)")
            repetitions += simulation.repetitions
        }
        #expect(repetitions > 2000)
    }

    @Test func batchesThatExpireAreStoredOnceAtMostAndTheOthersOnceAndInOrder() {
        var (failed, epochs) = (0, 0)
        for seed in 0..<2000 as Range<UInt64> {
            var simulation = DispatchSimulation(seed: seed, batches: 40, faults: .init(expiries: 10))
            let isDone = simulation.run()
            #expect(isDone, "seed \(seed) does not come to an end")
            let log = simulation.log
            #expect(log == log.sorted(), "seed \(seed): \(log)")
            #expect(Set(log).count == log.count, "seed \(seed): \(log)")
            #expect(Set(log).isSuperset(of: simulation.acknowledged), "seed \(seed)")
            #expect(simulation.failed.union(simulation.acknowledged) == Set(0..<40), "seed \(seed)")
            #expect(simulation.failed.isDisjoint(with: simulation.acknowledged), "seed \(seed)")
            failed += simulation.failed.count
            epochs += simulation.epochs
        }
        #expect(failed > 500)
        #expect(epochs > 2000)
    }
}

import Testing

@testable import KafkaProducer

/// The numbers of Java's BuiltInPartitionerTest and RecordAccumulatorTest, and the example of KIP-794.
@Suite struct PartitionWeightsTests {
    /// How often each partition is drawn when every point is drawn once.
    private func frequencies(_ weights: PartitionWeights?) throws -> [Int32: Int] {
        let weights = try #require(weights)
        return Dictionary((0..<weights.total).map { (weights[$0], 1) }, uniquingKeysWith: +)
    }

    private func loads(_ queues: [Int], unavailable: Set<Int> = []) -> [PartitionLoad] {
        queues.enumerated().map { index, queued in
            PartitionLoad(
                partition: Int32(index), queuedBatches: queued, isAvailable: !unavailable.contains(index))
        }
    }

    @Test(
        "7.5 Longer queues weigh less",
        arguments: [
            ([5, 0, 3, 0, 1], [1, 6, 3, 6, 5]), ([0, 3, 1], [4, 1, 3]), ([1, 7, 2], [7, 1, 6]), ([0, 1], [2, 1]),
        ])
    func longerQueuesWeighLess(queues: [Int], expected: [Int]) throws {
        let frequencies = try frequencies(PartitionWeights(loads(queues)))
        #expect(queues.indices.map { frequencies[Int32($0)] } == expected)
    }

    @Test func eachPartitionHasAStretchOfItsOwn() throws {
        let weights = try #require(PartitionWeights(loads([0, 3, 1])))
        #expect((0..<weights.total).map { weights[$0] } == [0, 0, 0, 0, 1, 2, 2, 2])
    }

    @Test func partitionsAreNamedByTheirIds() throws {
        let weights = try #require(
            PartitionWeights([
                PartitionLoad(partition: 7, queuedBatches: 1), PartitionLoad(partition: 3, queuedBatches: 0),
            ])
        )
        #expect((0..<weights.total).map { weights[$0] } == [7, 3, 3])
    }

    @Test(arguments: [[], [4], [0, 0], [3, 3, 3]]) func equalOrTooFewQueuesNeedNoWeights(queues: [Int]) {
        #expect(PartitionWeights(loads(queues)) == nil)
    }

    @Test("7.6 What is not available is left out")
    func whatIsNotAvailableIsLeftOut() throws {
        #expect(try frequencies(PartitionWeights(loads([1, 7, 2], unavailable: [1]))) == [0: 2, 2: 1])
        // Equal, but without weights the lost one would be chosen too.
        #expect(try frequencies(PartitionWeights(loads([2, 2, 2], unavailable: [0]))) == [1: 1, 2: 1])
        #expect(try frequencies(PartitionWeights(loads([9, 9, 9], unavailable: [0, 1]))) == [2: 1])
        #expect(PartitionWeights(loads([1, 2, 3], unavailable: [0, 1, 2])) == nil)
    }

    @Test func manyPartitionsAreFoundByHalving() throws {
        let queues = (0..<1000).map { $0 % 7 }
        let frequencies = try frequencies(PartitionWeights(loads(queues)))
        #expect(queues.indices.allSatisfy { frequencies[Int32($0)] == 7 - queues[$0] })
    }
}

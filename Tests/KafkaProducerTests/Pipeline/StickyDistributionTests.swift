import Synchronization
import TestSupport
import Testing

@testable import KafkaProducer

/// What many choices add up to.
@Suite struct StickyDistributionTests {
    /// Bytes that each partition takes of records of random sizes.
    private func bytes(of topic: TestTopic, records: Int) -> [Int] {
        var generator = SeededGenerator(seed: 7)
        var bytes = [Int](repeating: 0, count: topic.queues.count)
        for _ in 0..<records {
            let partition = topic.send(valueSize: .random(in: 1...2000, using: &generator))
            bytes[Int(partition)] += topic.drain(partition, sealing: false)
        }
        for partition in bytes.indices { bytes[partition] += topic.drain(Int32(partition)) }
        return bytes
    }

    private func isNear(_ bytes: Int, _ share: Double, of total: Int) -> Bool {
        abs(Double(bytes) / Double(total) / share - 1) < 0.15
    }

    @Test func bytesAreUniformWhenTheQueuesAreEqual() {
        let bytes = bytes(of: TestTopic(partitions: 8, batchSize: 4096), records: 30_000)
        let total = bytes.reduce(0, +)
        for share in bytes { #expect(isNear(share, 1 / 8, of: total), "\(bytes)") }
    }

    @Test func aLongQueueTakesLess() {
        let topic = TestTopic(partitions: 5, batchSize: 4096)
        topic.topic.sticky.publish(
            PartitionWeights(
                [5, 0, 3, 0, 1].enumerated().map { PartitionLoad(partition: Int32($0), queuedBatches: $1) }))
        let bytes = bytes(of: topic, records: 30_000)
        let total = bytes.reduce(0, +)
        for (share, weight) in zip(bytes, [1.0, 6, 3, 6, 5]) {
            #expect(isNear(share, weight / 21, of: total), "\(bytes)")
        }
    }

    @Test func theSameChanceGivesTheSameChoices() {
        let partitions = (0..<2).map { _ in
            let topic = TestTopic(partitions: 100, batchSize: 0, seed: 11)
            return (0..<50).map { _ in topic.send(valueSize: 1) }
        }
        #expect(partitions[0] == partitions[1])
    }

    /// Counts how often it is asked.
    private final class CountingGenerator: RandomNumberGenerator, Sendable {
        private let state = Mutex((generator: SeededGenerator(seed: 3), count: 0))

        var count: Int { state.withLock { $0.count } }

        func next() -> UInt64 {
            state.withLock { state in
                state.count += 1
                return state.generator.next()
            }
        }
    }

    /// Each stay takes at least a batch's worth and at most two, and a record, however many threads there are.
    @Test func threadsThatSendAtOnceAgreeOnEachSwitch() async {
        let generator = CountingGenerator()
        let topic = TestTopic(partitions: 6, batchSize: 1000, generator: generator)
        let sent = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<20_000).reduce(0) { bytes, _ in
                        bytes + topic.drain(topic.send(valueSize: 93), sealing: false)
                    }
                }
            }
            return await group.reduce(0, +)
        }
        let bytes = topic.queues.indices.reduce(sent) { $0 + topic.drain(Int32($1)) }
        let (record, header) = (102, 61)
        #expect(bytes > 80_000 * record)
        let switches = generator.count - 1
        #expect(switches <= bytes / 1000)
        #expect(switches >= bytes / (2 * 1000 + record + header) - 1)
    }
}

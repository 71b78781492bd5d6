import NIOCore
import Testing

@testable import KafkaProducer

/// KIP-794: how long records without a key stay with a partition. So many partitions that no choice falls on the same
/// one twice in a row.
@Suite struct StickyPartitionTests {
    /// How many records went to one partition before the next was chosen, time after time.
    private func stays(_ partitions: [Int32]) -> [Int] {
        var stays: [(partition: Int32, count: Int)] = []
        for partition in partitions {
            if stays.last?.partition != partition { stays.append((partition, 0)) }
            stays[stays.count - 1].count += 1
        }
        return stays.map(\.count)
    }

    /// Java's testUniformBuiltInPartitioner: with fewer bytes than a batch the partition is kept, though a batch is full.
    @Test("7.4 A partition is left after a batch's worth of bytes")
    func aPartitionIsLeftAfterABatchsWorthOfBytes() {
        let topic = TestTopic(partitions: 1000, batchSize: 1024)
        #expect(stays([10, 1024, 1024, 1024, 1024].map { topic.send(valueSize: $0) }) == [2, 1, 1, 1])
    }

    /// Java's testBuiltInPartitionerFractionalBatches: ten records are two thirds of a batch, which goes out by linger.
    @Test("7.4 It is not left with an incomplete batch")
    func aPartitionIsNotLeftWithAnIncompleteBatch() {
        let topic = TestTopic(partitions: 1000, batchSize: 512)
        var partitions: [Int32] = []
        for _ in 0..<10 {
            let group = (0..<10).map { _ in topic.send(valueSize: 33) }
            partitions += group
            topic.drain(group[0])
        }
        #expect(stays(partitions) == [20, 20, 20, 20, 20])
    }

    @Test func smallRecordsFillTwoBatchesBeforeTheyMove() {
        // After 36 records a batch has 1,033 bytes and no room for another: fewer than a batch's worth.
        let topic = TestTopic(partitions: 1000, batchSize: 1080)
        let partitions = (0..<216).map { _ in topic.send(valueSize: 20) }
        #expect(stays(partitions) == [72, 72, 72])
    }

    /// Records with a key leave a batch half full each time that the sticky partitioner would go.
    @Test("7.4 It is left after two batches' worth in any case")
    func aPartitionIsLeftAfterTwoBatchesWorthInAnyCase() {
        let topic = TestTopic(partitions: 1000, batchSize: 200)
        let partitions = (0..<30).map { _ in
            let partition = topic.topic.sticky.partition(among: topic.topic.layout.current.partitions)
            topic.drain(partition)
            topic.send(valueSize: 1, partition: partition)
            return topic.send(valueSize: 20)
        }
        #expect(stays(partitions) == [15, 15])
    }

    @Test func recordsThatNameThePartitionOrHaveAKeyDoNotCount() {
        let topic = TestTopic(partitions: 1000, batchSize: 1024)
        let first = topic.send(valueSize: 500)
        for _ in 0..<10 { topic.send(valueSize: 500, partition: first) }
        #expect(topic.send(valueSize: 300) == first)
    }

    @Test func withoutBatchesEachRecordIsAChoice() {
        let topic = TestTopic(partitions: 1000, batchSize: 0)
        #expect(stays((0..<10).map { _ in topic.send(valueSize: 10) }) == [Int](repeating: 1, count: 10))
    }

    @Test func largeRecordsMoveOneByOne() {
        let topic = TestTopic(partitions: 1000, batchSize: 100)
        #expect(stays((0..<5).map { _ in topic.send(valueSize: 5000) }) == [1, 1, 1, 1, 1])
    }

    @Test func whoComesLateFollowsTheOthers() throws {
        let topic = TestTopic(partitions: 1000, batchSize: 100)
        let first = topic.send(valueSize: 100)
        let second = topic.topic.sticky.current
        #expect(second != first)
        // It was told `first` before the others moved on.
        var chunk: Chunk? = Chunk(capacity: 200)
        let result = RecordBytes.lend(key: nil, value: [1], timestamp: 1) { record in
            topic.queues[Int(first)].append(record, callback: nil, chunk: &chunk, sticky: topic.rule, now: .now())
        }
        guard case .moved = result else { return #expect(Bool(false), "appended to the former partition") }
        #expect(chunk != nil)
        #expect(topic.topic.sticky.current == second)
    }

    /// Where it goes there may be room.
    @Test func aRecordThatMovesOnWaitsForNoMemoryFirst() {
        let topic = TestTopic(partitions: 1000, batchSize: 1024)
        let partition = topic.send(valueSize: 600)
        #expect(topic.send(valueSize: 600) == partition)
        var chunk: Chunk?
        let result = RecordBytes.lend(key: nil, value: [UInt8](repeating: 0, count: 600), timestamp: 1) { record in
            topic.queues[Int(partition)].append(
                record, callback: nil, chunk: &chunk, sticky: topic.rule, now: .now())
        }
        guard case .moved = result else { return #expect(Bool(false), "asked for memory") }
        #expect(topic.topic.sticky.current != partition)
    }

    @Test func bytesOfAFormerStayDoNotCount() {
        let topic = TestTopic(partitions: 1, batchSize: 1024)
        // One partition: each choice falls on it, and begins to count anew.
        for _ in 0..<100 { #expect(topic.send(valueSize: 600) == 0) }
        let pair = TestTopic(partitions: 2, batchSize: 1024, seed: 5)
        let lengths = stays((0..<200).map { _ in pair.send(valueSize: 400) })
        // Two records fill a batch, and have fewer bytes than one; so each stay is two batches.
        #expect(lengths.dropLast().allSatisfy { $0 % 4 == 0 })
        #expect(lengths.count > 10)
    }

    @Test("7.7 Only partitions with a leader are chosen")
    func onlyPartitionsWithALeaderAreChosen() {
        let topic = TestTopic(partitions: 4, leaderless: [1, 3], batchSize: 0)
        #expect(Set((0..<100).map { _ in topic.send(valueSize: 1) }) == [0, 2])
        let none = TestTopic(partitions: 3, leaderless: [0, 1, 2], batchSize: 0)
        #expect(Set((0..<100).map { _ in none.send(valueSize: 1) }) == [0, 1, 2])
    }

    @Test func aPartitionThatLosesItsLeaderIsLeftAtTheNextSwitch() {
        let topic = TestTopic(partitions: 2, batchSize: 1024)
        let first = topic.send(valueSize: 10)
        topic.lead(2, leaderless: [first])
        #expect(topic.send(valueSize: 10) == first)
        topic.send(valueSize: 2000)
        #expect((0..<20).allSatisfy { _ in topic.send(valueSize: 2000) == 1 - first })
    }

    @Test func partitionsThatComeLaterAreChosenToo() {
        let topic = TestTopic(partitions: 1, batchSize: 0)
        topic.send(valueSize: 1)
        topic.lead(5)
        #expect(Set((0..<100).map { _ in topic.send(valueSize: 1) }) == [0, 1, 2, 3, 4])
    }
}

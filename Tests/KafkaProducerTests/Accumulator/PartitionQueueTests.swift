import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct PartitionQueueTests {
    let partition = TestPartition()
    var queue: PartitionQueue { partition.queue }

    @Test("1.30 Of a batch's records the first one alone wakes the sender")
    func onlyTheFirstRecordOfABatchIsAnnounced() throws {
        #expect(try #require(partition.append()).effects == .announce)
        #expect(try #require(partition.append()).effects == [])
        #expect(queue.contents(listening: true).openSince != nil)
        #expect(try #require(partition.append()).effects == [])
    }

    @Test("1.30 A full batch wakes it again")
    func aFullBatchIsAnnouncedAgainOnceTheSenderListens() throws {
        partition.append(value: String(repeating: "x", count: 90))
        // It has been told, and has not looked yet.
        #expect(try #require(partition.append(value: String(repeating: "x", count: 90))).effects == [])
        #expect(queue.contents(listening: true).fullCount == 1)
        let next = try #require(partition.append(value: String(repeating: "x", count: 90)))
        #expect(next.effects == .announce)
        #expect(queue.contents().fullCount == 2)
    }

    @Test func batchesComeOutInTheOrderInWhichTheyWereFilled() throws {
        for _ in 0..<3 { partition.append(value: String(repeating: "x", count: 90)) }
        let first = try #require(partition.append().map(\.future))
        let batches = (0..<4).map { _ in queue.take(sealing: true) }
        #expect(batches.map { $0?.recordCount } == [1, 1, 2, nil])
        #expect(batches[2].map { $0.latch === first.batch.latch } == true)
    }

    @Test func theOpenBatchIsTakenOnlyWhenItIsSealed() {
        partition.append()
        #expect(queue.take(sealing: false) == nil)
        #expect(queue.take(sealing: true)?.recordCount == 1)
        #expect(queue.nextSize == nil)
    }

    /// Nothing fits into it any more: it need not wait for the record that would show it.
    @Test("3.1 A batch into which no record fits is full at once")
    func aBatchWithoutRoomIsFullAtOnce() throws {
        let result = try #require(
            partition.append(value: String(repeating: "x", count: 50), chunkSize: 61 + 31 + 50 + 1))
        #expect(result.effects == .announce)
        #expect(queue.contents().fullCount == 1)
        #expect(queue.contents().openSince == nil)
    }

    @Test func flushSealsAndTellsWhatIsWaiting() throws {
        let future = try #require(partition.append()).future
        let latches = queue.sealForFlush()
        #expect(latches.count == 1 && latches[0] === future.batch.latch)
        #expect(queue.contents().fullCount == 1)
    }

    @Test func onlyBatchesThatAreOldEnoughExpire() throws {
        partition.append()
        #expect(queue.takeExpired(before: NIODeadline.now() - TimeAmount.seconds(60)).isEmpty)
        #expect(queue.takeExpired(before: .distantFuture).map(\.recordCount) == [1])
        #expect(queue.contents().openSince == nil)
    }

    @Test func aClosedQueueTakesNothing() {
        queue.close()
        #expect(partition.append() == nil)
    }
}

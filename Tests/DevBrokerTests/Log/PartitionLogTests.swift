import KafkaWire
import NIOCore
import Testing

@testable import DevBroker

@Suite struct PartitionLogTests {
    private var log = PartitionLog(store: MemoryBatchStore())

    @discardableResult
    private mutating func append(_ batch: TestBatch) throws -> PartitionLog.Appended {
        try log.append(batch)
    }

    @Test mutating func batchesGetTheOffsetsThatFollow() throws {
        #expect(try append(TestBatch("a", "b")).baseOffset == 0)
        #expect(try append(TestBatch("c")).baseOffset == 2)
        #expect(log.startOffset == 0)
        #expect(log.endOffset == 3)
    }

    @Test mutating func offsetAndEpochAreWrittenIntoTheBatchAndTheChecksumHolds() throws {
        try append(TestBatch("a"))
        let bytes = try TestBatch("b").bytes
        _ = try log.append(BatchHeader(RecordBatch(bytes.span.bytes)), ByteBuffer(bytes: bytes), leaderEpoch: 5)
        let stored = try #require(try log.read(from: 1, maxBytes: .max, atLeastOne: true).first)
        let batch = try RecordBatch(stored.readableBytesSpan)
        #expect(batch.baseOffset == 1)
        #expect(batch.partitionLeaderEpoch == 5)
        try batch.validateChecksum()
    }

    @Test mutating func readingBeginsWithTheBatchThatHoldsTheOffset() throws {
        for _ in 0..<5 { try append(TestBatch("a", "b", "c")) }
        for offset in 0..<15 {
            let first = try #require(try log.read(from: Int64(offset), maxBytes: .max, atLeastOne: true).first)
            #expect(try RecordBatch(first.readableBytesSpan).baseOffset == Int64(offset / 3 * 3))
        }
        #expect(try log.read(from: 15, maxBytes: .max, atLeastOne: true).isEmpty)
    }

    @Test mutating func readingEndsWithTheLastBatchThatFits() throws {
        let size = try TestBatch("a").bytes.count
        for _ in 0..<5 { try append(TestBatch("a")) }
        #expect(try log.read(from: 1, maxBytes: 2 * size, atLeastOne: true).count == 2)
        #expect(try log.read(from: 1, maxBytes: 3 * size - 1, atLeastOne: true).count == 2)
        #expect(try log.read(from: 1, maxBytes: size - 1, atLeastOne: true).count == 1)
        #expect(try log.read(from: 1, maxBytes: size - 1, atLeastOne: false).isEmpty)
        #expect(try log.read(from: 1, maxBytes: -1, atLeastOne: true).count == 1)
    }

    @Test(arguments: [-1, 2, .max]) mutating func offsetsThatAreNotThereAreRefused(offset: Int64) throws {
        try append(TestBatch("a"))
        #expect {
            try log.read(from: offset, maxBytes: .max, atLeastOne: true)
        } throws: {
            ($0 as? Refusal)?.code == .offsetOutOfRange
        }
    }

    @Test mutating func aRepeatedBatchIsNotStoredTwice() throws {
        let batch = TestBatch(producer: 1, sequence: 0, count: 3)
        #expect(try append(batch) == PartitionLog.Appended(baseOffset: 0))
        try append(TestBatch(producer: 1, sequence: 3))
        #expect(try append(batch) == PartitionLog.Appended(baseOffset: 0, isDuplicate: true))
        #expect(log.endOffset == 4)
    }

    @Test mutating func aRefusedBatchChangesNothing() throws {
        try append(TestBatch(producer: 1, sequence: 0))
        #expect(throws: Refusal.self) { try log.append(TestBatch(producer: 1, sequence: 2)) }
        #expect(log.endOffset == 1)
        #expect(try append(TestBatch(producer: 1, sequence: 1)).baseOffset == 1)
    }

    @Test mutating func theOldestBatchesGoBeyondTheBytesToKeep() throws {
        let size = try TestBatch("a").bytes.count
        log = PartitionLog(store: MemoryBatchStore(), retentionBytes: 2 * size)
        for _ in 0..<5 { try append(TestBatch("a")) }
        #expect(log.startOffset == 3)
        #expect(log.endOffset == 5)
        #expect(try log.read(from: 3, maxBytes: .max, atLeastOne: true).count == 2)
        #expect(throws: Refusal.self) { try log.read(from: 2, maxBytes: .max, atLeastOne: true) }
    }

    @Test mutating func theLastBatchStaysWhateverItsSize() throws {
        log = PartitionLog(store: MemoryBatchStore(), retentionBytes: 0)
        for _ in 0..<3 { try append(TestBatch("a")) }
        #expect(log.startOffset == 2)
    }

    @Test mutating func withoutAStoreOffsetsAndSequencesAreKeptAlone() throws {
        log = PartitionLog(store: nil)
        try append(TestBatch(producer: 1, sequence: 0, count: 3))
        #expect(log.startOffset == 3)
        #expect(log.endOffset == 3)
        #expect(try append(TestBatch(producer: 1, sequence: 0, count: 3)).isDuplicate)
        #expect(try log.read(from: 3, maxBytes: .max, atLeastOne: true).isEmpty)
    }

    @Test mutating func batchesAreFoundByTime() throws {
        for time: Int64 in [10, 30, 20] { try append(TestBatch("a", "b").with { $0.timestamp = time }) }
        func baseOffset(since timestamp: Int64) throws -> Int64? {
            guard let batch = try log.batch(since: timestamp) else { return nil }
            return try RecordBatch(batch.readableBytesSpan).baseOffset
        }
        #expect(try baseOffset(since: 0) == 0)
        #expect(try baseOffset(since: 11) == 0)
        #expect(try baseOffset(since: 12) == 2)
        #expect(try baseOffset(since: 32) == nil)
        #expect(log.latestTimestamp == 31)
    }
}

extension PartitionLog {
    /// Appends a batch that has not been checked, by a leader of epoch 0.
    @discardableResult
    mutating func append(_ batch: TestBatch) throws -> Appended {
        let bytes = try batch.bytes
        return try append(BatchHeader(RecordBatch(bytes.span.bytes)), ByteBuffer(bytes: bytes), leaderEpoch: 0)
    }
}

import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct BatchSplitTests {
    let partition = TestPartition()
    let log = Log<String>()

    @Test("3.12 Each piece of a split has its records as they were")
    func eachPieceHasItsRecordsAsTheyWere() throws {
        let names = ["a", "b", "c", "d", "e"]
        let (batch, _) = try batch(names)
        let pieces = batch.split(limit: 150)
        #expect(pieces.count > 1)
        #expect(pieces.allSatisfy { $0.size <= 150 && $0.createdAt == batch.createdAt })
        #expect(try pieces.flatMap(keys) == names)
        let headers = try pieces.flatMap(records).map(\.headers)
        #expect(headers.allSatisfy { $0 == [RecordHeader(name: "trace", value: Array("1".utf8))] })
        #expect(try pieces.flatMap(records).map(\.timestamp) == [1, 2, 3, 4, 5])
    }

    @Test("3.14 Futures and callbacks follow their record")
    func futuresAndCallbacksFollowTheirRecord() throws {
        let (batch, futures) = try batch(["a", "b", "c"])
        let pieces = batch.split(limit: 0)
        #expect(pieces.map(\.recordCount) == [1, 1, 1])
        pieces[1].fail(KafkaError(.timeout, "late"))
        pieces[0].succeed(baseOffset: 7, logAppendTime: nil)
        #expect(!batch.isComplete && !futures[0].isDone)
        pieces[2].succeed(baseOffset: 20, logAppendTime: nil)
        #expect(batch.isComplete)
        #expect(log.entries == ["b: late", "a@7", "c@20"])
        #expect(try futures[0].get().offset == 7)
        #expect(throws: KafkaError(.timeout, "late")) { try futures[1].get() }
        #expect(try futures[2].get().offset == 20)
    }

    @Test func aPieceMayBeSplitAgain() throws {
        let (batch, futures) = try batch(["a", "b", "c", "d"])
        let halves = batch.split(limit: 150)
        #expect(halves.map(\.recordCount) == [3, 1])
        for (offset, piece) in (halves[0].split(limit: 0) + [halves[1]]).enumerated() {
            piece.succeed(baseOffset: Int64(offset), logAppendTime: nil)
        }
        #expect(batch.isComplete && halves.allSatisfy(\.isComplete))
        #expect(try futures.map { try $0.get().offset } == [0, 1, 2, 3])
    }

    /// What was borrowed for the batch goes back once, when the last piece is done and no socket reads it.
    @Test func theMemoryStaysUntilTheLastPieceIsDone() throws {
        let (batch, _) = try batch(["a", "b"])
        let pieces = batch.split(limit: 0)
        pieces[0].succeed(baseOffset: 0, logAppendTime: nil)
        #expect(pieces[0].takeIdleChunk() == nil && batch.takeIdleChunk() == nil)
        pieces[1].succeed(baseOffset: 1, logAppendTime: nil)
        #expect(pieces[1].takeIdleChunk() == nil)
        #expect(batch.takeIdleChunk() != nil)
    }

    @Test("3.13 A split counts as no attempt")
    func aSplitCostsNoRetry() throws {
        let (batch, _) = try batch(["a", "b"])
        batch.attempts = 3
        #expect(batch.split(limit: 0).map(\.attempts) == [2, 2])
    }

    private func batch(_ names: [String]) throws -> (Batch, [DeliveryFuture]) {
        let futures = try names.enumerated().map { place, name in
            try #require(
                partition.append(
                    key: name, value: "v", headers: ["trace": "1"], timestamp: Int64(place + 1), chunkSize: 1000,
                    callback: note(name))
            ).future
        }
        return (try #require(partition.queue.take(sealing: true)), futures)
    }

    private func records(_ batch: Batch) throws -> [Record] {
        var encoder = try BatchEncoder(CompressionSettings())
        try encoder.encode(batch)
        var decompressor = Decompressor()
        return try RecordBatch(UnsafeRawBufferPointer(#require(batch.wire).bytes).bytes).records(using: &decompressor)
    }

    private func keys(_ batch: Batch) throws -> [String] {
        try records(batch).map { String(decoding: $0.key ?? [], as: UTF8.self) }
    }

    private func note(_ name: String) -> DeliveryCallback {
        { [log] metadata, error in log.append(error.map { "\(name): \($0.message)" } ?? "\(name)@\(metadata.offset)") }
    }
}

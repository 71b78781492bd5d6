import KafkaWire
import TestSupport
import Testing

@Suite struct HostileRecordBatchTests {
    @Test(arguments: BatchVector.all) func eachTruncationIsAnErrorOrNothing(vector: BatchVector) {
        let bytes = vector.bytes
        for count in bytes.indices {
            let part = Array(bytes[..<count])
            #expect(throws: RecordBatchError.self) { try BatchBytes.validate(part) }
            #expect(throws: Never.self) { try #require(BatchBytes.records(part).isEmpty) }
        }
    }

    /// The records' section is cut, and length and checksum are made to fit, so that the cut is seen by the decoders.
    @Test(arguments: BatchVector.all) func eachTruncationOfTheRecordsIsAnError(vector: BatchVector) {
        let bytes = vector.bytes
        let attributes = RecordBatchAttributes(
            compression: Compression(name: vector.codec) ?? .none, isTransactional: vector.transactional)
        for count in RecordBatchLayout.headerSize..<bytes.count {
            let part = BatchBytes.with(
                records: Array(bytes[RecordBatchLayout.headerSize..<count]), count: Int32(vector.records.count),
                attributes: attributes)
            #expect(throws: RecordBatchError.self) { try BatchBytes.validate(part) }
        }
    }

    @Test(arguments: BatchVector.all) func mutatedBytesNeverTrap(vector: BatchVector) throws {
        let original = vector.bytes
        var random = SeededGenerator(seed: 8)
        var decompressor = Decompressor(limit: 1 << 20)
        var refused = 0
        for round in 0..<20_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            // With a right checksum the damage reaches the decoders.
            if round % 2 == 0 { BatchBytes.seal(&bytes) }
            do throws(RecordBatchError) {
                var batches = RecordBatches(bytes.span.bytes)
                while let batch = try batches.next() {
                    try batch.validate(using: &decompressor)
                    _ = try batch.records(using: &decompressor)
                }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 10_000)
        try RecordBatch(original.span.bytes).validate(using: &decompressor)
    }
}

import KafkaWire
import NIOCore
import Testing

@testable import DevBroker

@Suite struct TransactionMarkerTests {
    @Test(arguments: [TransactionMarker.Outcome.commit, .abort])
    func aMarkerIsAControlBatchOfOneRecord(outcome: TransactionMarker.Outcome) throws {
        let marker = TransactionMarker(
            outcome: outcome, producer: ProducerIdentity(id: 7, epoch: 3), coordinatorEpoch: 5)
        let bytes = marker.batch(timestamp: 1_700_000_000_000)
        let batch = try RecordBatch(bytes.readableBytesSpan)
        var decompressor = Decompressor()
        try batch.validate(using: &decompressor)
        #expect(batch.attributes == RecordBatchAttributes(isTransactional: true, isControl: true))
        #expect(batch.producerId == 7)
        #expect(batch.producerEpoch == 3)
        #expect(batch.baseSequence == -1)
        #expect(TransactionMarker.Outcome(batch) == outcome)
        let record = try #require(try batch.records(using: &decompressor).first)
        #expect(record.key == [0, 0, 0, UInt8(outcome.rawValue)])
        #expect(record.value == [0, 0, 0, 0, 0, 5])
        #expect(record.timestamp == 1_700_000_000_000)
    }

    @Test func theHeaderOfAMarkerIsThatOfItsBatch() throws {
        let marker = TransactionMarker(outcome: .abort, producer: ProducerIdentity(id: 7, epoch: 3))
        let bytes = marker.batch(timestamp: 12)
        let batch = try RecordBatch(bytes.readableBytesSpan)
        var header = BatchHeader(marker, byteCount: bytes.readableBytes, timestamp: 12)
        header.sequences = BatchHeader(batch).sequences
        #expect(BatchHeader(batch) == header)
    }
}

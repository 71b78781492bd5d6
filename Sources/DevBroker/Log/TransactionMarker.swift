import KafkaWire
import NIOCore

/// The end of a transaction as a partition's readers are told: a control batch (KIP-98; Java's `EndTransactionMarker`).
struct TransactionMarker: Equatable {
    /// How a transaction ended; the number is the control record's type.
    enum Outcome: Int16 {
        case abort = 0
        case commit = 1
    }

    var outcome: Outcome
    var producer: ProducerIdentity
    var coordinatorEpoch: Int32 = 0

    /// The batch in wire format, with one record: its key is version and type, its value version and epoch.
    func batch(timestamp: Int64) -> ByteBuffer {
        let attributes = RecordBatchAttributes(isTransactional: true, isControl: true)
        var summed = ByteBuffer()
        summed.writeMultipleIntegers(
            attributes.rawValue, Int32(0), timestamp, timestamp, producer.id, producer.epoch, Int32(-1), Int32(1))
        var record = ByteBuffer()
        // Attributes and both deltas are 0, and there are no headers; lengths are zigzag varints of one byte.
        record.writeMultipleIntegers(UInt8(0), UInt8(0), UInt8(0))
        record.writeMultipleIntegers(UInt8(4 << 1), Int16(0), outcome.rawValue)
        record.writeMultipleIntegers(UInt8(6 << 1), Int16(0), coordinatorEpoch, UInt8(0))
        summed.writeInteger(UInt8(record.readableBytes << 1))
        summed.writeBuffer(&record)

        var batch = ByteBuffer()
        let overhead = RecordBatchLayout.attributes - RecordBatchLayout.lengthOverhead
        batch.writeMultipleIntegers(Int64(0), Int32(summed.readableBytes + overhead), Int32(-1))
        batch.writeMultipleIntegers(RecordBatchLayout.currentMagic, CRC32C.checksum(summed.readableBytesSpan))
        batch.writeBuffer(&summed)
        return batch
    }
}

extension TransactionMarker.Outcome {
    /// What a batch says of a transaction's end; nil if it is no control batch, or says nothing that is known.
    init?(_ batch: borrowing RecordBatch) {
        var decompressor = Decompressor()
        guard batch.attributes.isControl, let key = try? batch.records(using: &decompressor).first?.key, key.count >= 4
        else { return nil }
        self.init(rawValue: Int16(key[2]) << 8 | Int16(key[3]))
    }
}

import KafkaWire

/// What a partition has to know of a record batch, apart from its bytes.
struct BatchHeader: Equatable {
    /// All bytes of the batch, header included.
    var byteCount: Int
    var baseOffset: Int64
    var lastOffsetDelta: Int32
    var maxTimestamp: Int64
    var producerId: Int64
    var producerEpoch: Int16
    /// Of no meaning without a producer.
    var sequences: SequenceRange

    init(_ batch: RecordBatch) {
        byteCount = batch.bytes.byteCount
        baseOffset = batch.baseOffset
        lastOffsetDelta = batch.lastOffsetDelta
        maxTimestamp = batch.maxTimestamp
        producerId = batch.producerId
        producerEpoch = batch.producerEpoch
        sequences = SequenceRange(first: batch.baseSequence, count: batch.recordsCount)
    }

    /// Whether an idempotent producer wrote the batch, so that its sequences are followed.
    var hasProducer: Bool { producerId >= 0 }
}

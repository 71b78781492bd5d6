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
    var isTransactional: Bool
    /// How a transaction ended, if the batch is a marker.
    var outcome: TransactionMarker.Outcome?

    init(_ batch: RecordBatch) {
        byteCount = batch.bytes.byteCount
        baseOffset = batch.baseOffset
        lastOffsetDelta = batch.lastOffsetDelta
        maxTimestamp = batch.maxTimestamp
        producerId = batch.producerId
        producerEpoch = batch.producerEpoch
        sequences = SequenceRange(first: batch.baseSequence, count: batch.recordsCount)
        isTransactional = batch.attributes.isTransactional
        outcome = TransactionMarker.Outcome(batch)
    }

    /// The header of a marker's batch.
    init(_ marker: TransactionMarker, byteCount: Int, timestamp: Int64) {
        self.byteCount = byteCount
        baseOffset = 0
        lastOffsetDelta = 0
        maxTimestamp = timestamp
        producerId = marker.producer.id
        producerEpoch = marker.producer.epoch
        sequences = SequenceRange(first: -1, last: -1)
        isTransactional = true
        outcome = marker.outcome
    }

    /// Whether an idempotent producer wrote the batch, so that its sequences are followed.
    var hasProducer: Bool { producerId >= 0 }
}

import KafkaWire
import NIOCore

/// What one partition gave in answer to a fetch.
struct FetchedPartition: Sendable {
    var records: [ConsumedRecord] = []
    /// Where to go on.
    var nextOffset: Int64
    /// The offset after the last record that can be read.
    var highWatermark: Int64

    /// Reads the batches that an answer carries for one partition, from `offset` on: a broker sends whole batches,
    /// which may begin before it. Control batches are not for readers.
    /// - Throws: `KafkaError` of kind `malformed` if a batch is damaged.
    init(
        _ data: FetchResponse.PartitionData, in body: ByteBuffer, topic: String, from offset: Int64
    ) throws(KafkaError) {
        nextOffset = offset
        highWatermark = data.highWatermark
        guard let reference = data.records,
            let bytes = body.getSlice(at: body.readerIndex + reference.offset, length: reference.count)
        else { return }
        var records: [ConsumedRecord] = []
        var next = offset
        do {
            try bytes.withUnsafeReadableBytes { buffer in
                var decompressor = Decompressor()
                var batches = RecordBatches(RawSpan(_unsafeBytes: buffer))
                while let batch = try batches.next() {
                    try batch.validateChecksum()
                    if !batch.attributes.isControl {
                        for record in try batch.records(using: &decompressor) where record.offset >= offset {
                            records.append(
                                ConsumedRecord(record, topic: topic, partition: data.partitionIndex))
                        }
                    }
                    next = max(next, batch.lastOffset + 1)
                }
            }
        } catch {
            throw KafkaError(.malformed, "\(topic)-\(data.partitionIndex) at offset \(next): \(error)")
        }
        self.records = records
        nextOffset = next
    }
}

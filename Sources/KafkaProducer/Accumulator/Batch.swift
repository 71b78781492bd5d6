import KafkaWire
import NIOCore

/// Records for one partition that travel, succeed and are repeated together (Java's ProducerBatch).
///
/// Belongs to the partition's queue until it is drained, and to the sender's event loop from then on.
final class Batch: DispatchedBatch, @unchecked Sendable {
    unowned let queue: PartitionQueue
    /// When the first record came; `delivery.timeout.ms` counts from here.
    let createdAt: NIODeadline
    let writer: RecordBatchWriter
    private let callbacks: RecordCallbacks
    private var result: BatchResult

    /// How often it was sent.
    var attempts = 0
    /// Who vouches for its sequence; nil without idempotence and before the first drain.
    var identity: ProducerIdentity?
    /// The first record's sequence; −1 until the first drain.
    var baseSequence: Int32 = -1
    /// The records; nil once the memory has been given back.
    private(set) var chunk: Chunk?
    /// What goes out; kept so that a repeated batch is not compressed again.
    var wire: WireBatch?
    /// How many sockets may still refer to `wire`.
    var writesUnderWay = 0
    /// Whether the records have been told what became of them.
    private(set) var isComplete = false

    init(_ open: consuming OpenBatch, queue: PartitionQueue) {
        self.queue = queue
        createdAt = open.createdAt
        chunk = open.chunk
        writer = open.writer
        callbacks = open.callbacks
        result = open.result
    }

    var recordCount: Int32 { writer.count }
    /// Bytes before compression, the header included.
    var size: Int { writer.position }
    /// Bytes on the wire; before it is encoded, the most that they can be without compression.
    var wireSize: Int { wire?.count ?? size }
    /// Bytes of the records before compression.
    var recordsSize: Int { size - RecordBatchLayout.headerSize }
    /// Bytes of the records on the wire, by those before compression.
    var compressionRate: Double { Double(wireSize - RecordBatchLayout.headerSize) / Double(max(recordsSize, 1)) }
    var lastSequence: Int32 { Sequence32.advance(baseSequence, by: recordCount - 1) }

    /// Gives up the memory, once the batch is complete and no socket refers to it.
    func takeIdleChunk() -> Chunk? {
        guard isComplete, writesUnderWay == 0 else { return nil }
        wire = nil
        return chunk.take()
    }

    /// Completes each record: callbacks in order, then the futures. Does nothing if the batch is complete already.
    func succeed(baseOffset: Int64, logAppendTime: Int64?) {
        isComplete = true
        // Futures hold the result. If nobody else does, nobody can ask, and the sizes are not kept.
        let records = isKnownUniquelyReferenced(&result) ? [] : recordSizes()
        guard
            result.settle(.stored(baseOffset: baseOffset, logAppendTime: logAppendTime, records: records))
        else { return }
        if !callbacks.isEmpty {
            var calls = callbacks.calls
            writer.forEachRecord { timestamp, keySize, valueSize in
                calls.next { index, callback in
                    let sizes = BatchResult.RecordSizes(timestamp: timestamp, keySize: keySize, valueSize: valueSize)
                    let metadata = result.metadata(
                        index, baseOffset: baseOffset, logAppendTime: logAppendTime, sizes: sizes)
                    callback(metadata, nil)
                }
            }
        }
        queue.topic.completed(recordCount, error: nil)
        result.latch.open()
    }

    /// Fails each record: those in `exceptions` with their own error.
    func fail(_ error: KafkaError, exceptions: [Int32: KafkaError] = [:]) {
        isComplete = true
        guard result.settle(.failed(error, exceptions: exceptions)) else { return }
        var calls = callbacks.calls
        for _ in 0..<(callbacks.isEmpty ? 0 : recordCount) {
            calls.next { index, callback in callback(result.failedMetadata, exceptions[index] ?? error) }
        }
        queue.topic.completed(recordCount, error: error)
        result.latch.open()
    }

    /// Opens when the batch is complete.
    var latch: Latch { result.latch }

    private func recordSizes() -> [BatchResult.RecordSizes] {
        var sizes: [BatchResult.RecordSizes] = []
        sizes.reserveCapacity(Int(recordCount))
        writer.forEachRecord { timestamp, keySize, valueSize in
            sizes.append(.init(timestamp: timestamp, keySize: keySize, valueSize: valueSize))
        }
        return sizes
    }
}

/// A batch that still takes records; lives inside its partition's lock.
struct OpenBatch: ~Copyable {
    let createdAt: NIODeadline
    let chunk: Chunk
    let result: BatchResult
    var writer: RecordBatchWriter
    var callbacks = RecordCallbacks()

    init(chunk: Chunk, topic: String, partition: Int32, createdAt: NIODeadline) {
        self.chunk = chunk
        self.createdAt = createdAt
        writer = RecordBatchWriter(memory: chunk.memory)
        result = BatchResult(topic: topic, partition: partition)
    }

    /// Whether not even the smallest record fits in.
    var isFull: Bool {
        RecordBatchWriter.upperBound(keyCount: 0, valueCount: 0, headersCount: 0) > chunk.size - writer.position
    }

    /// Appends a record; returns its future and its size, or nil if there is no room.
    mutating func append(_ record: RecordBytes, _ callback: DeliveryCallback?) -> (DeliveryFuture, Int)? {
        let (index, before) = (writer.count, writer.position)
        guard
            writer.append(key: record.key, value: record.value, headers: record.headers, timestamp: record.timestamp)
        else { return nil }
        if let callback { callbacks.append(callback, for: index) }
        return (DeliveryFuture(batch: result, index: index), writer.position - before)
    }
}

import CSupport
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
    private let generations: RecordGenerations
    /// The generation for which its topic counts this batch as under way; −1 where it does not.
    private let countedGeneration: Int
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
    /// The batch that this one is a piece of; its memory counts for its pieces too.
    private(set) var origin: Batch?
    /// Pieces of this batch that are not complete.
    private var pieceCount = 0

    init(_ open: consuming OpenBatch, queue: PartitionQueue, pieceOf origin: Batch? = nil) {
        self.origin = origin
        // What was sent so far was the whole: being split costs no retry.
        attempts = origin.map { $0.attempts - 1 } ?? 0
        self.queue = queue
        createdAt = open.createdAt
        chunk = open.chunk
        writer = open.writer
        callbacks = open.callbacks
        generations = open.generations
        countedGeneration = open.countedGeneration
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

    /// Gives up the memory, once the batch is complete and no socket refers to it; nil where none was borrowed.
    func takeIdleChunk() -> Chunk? {
        guard isComplete, writesUnderWay == 0 else { return nil }
        wire = nil
        let chunk = chunk.take()
        return origin == nil ? chunk : nil
    }

    /// Completes each record: callbacks in order, then the futures. Does nothing if the batch is complete already.
    func succeed(baseOffset: Int64, logAppendTime: Int64?) {
        isComplete = true
        // Futures hold the result. If nobody else does, nobody can ask, and the sizes are not kept.
        let sizes = isKnownUniquelyReferenced(&result) ? nil : recordSizes()
        guard
            result.settle(
                .stored(baseOffset: baseOffset, logAppendTime: logAppendTime, sizes: sizes),
                generations: generations)
        else { return }
        call(baseOffset: baseOffset, logAppendTime: logAppendTime)
        queue.topic.completed(recordCount, error: nil)
        completed()
    }

    private func call(baseOffset: Int64, logAppendTime: Int64?) {
        var records = writer.writtenRecords
        var next: Int32 = 0
        // One for all of them: the name of the topic in it is counted once.
        var metadata = result.failedMetadata(0)
        for run in callbacks.runs {
            let callback = run.callback
            while next <= run.last, let record = records.next() {
                defer { next += 1 }
                if next < run.first { continue }
                metadata.succeed(next, baseOffset: baseOffset, logAppendTime: logAppendTime, sizes: .init(record))
                metadata.generation = generations[next]
                callback(metadata, nil)
            }
        }
    }

    /// Fails each record: those in `exceptions` with their own error.
    func fail(_ error: KafkaError, exceptions: [Int32: KafkaError] = [:]) {
        isComplete = true
        guard result.settle(.failed(error, exceptions: exceptions), generations: generations) else { return }
        for run in callbacks.runs {
            for index in run.first...run.last { run.callback(result.failedMetadata(index), exceptions[index] ?? error) }
        }
        queue.topic.completed(recordCount, error: error)
        completed()
    }

    private func completed() {
        isComplete = true
        result.latch.open()
        // Whoever waits for older generations finds their records done.
        if countedGeneration >= 0 { queue.topic.generations.completed(countedGeneration) }
        guard let origin else { return }
        origin.pieceCount -= 1
        if origin.pieceCount == 0 { origin.completed() }
    }

    /// The records in batches of at most `limit` bytes, or of one record; callbacks and futures follow their record.
    /// This batch is complete when all of them are.
    func split(limit: Int) -> [Batch] {
        var pieces: [Batch] = []
        var places: [BatchResult.Piece] = []
        var open: OpenBatch?
        var (index, first): (Int32, Int32) = (0, 0)
        func seal() {
            guard let sealed = open.take() else { return }
            places.append(BatchResult.Piece(first: first, result: sealed.result))
            pieces.append(Batch(sealed, queue: queue, pieceOf: self))
            first = index
        }
        var runs = callbacks.runs[...]
        for written in writer.writtenRecords {
            let record = RecordBytes(written)
            if let run = runs.first, run.last < index { runs.removeFirst() }
            let callback = runs.first.flatMap { $0.first <= index ? $0.callback : nil }
            // Not counted: this batch is, until all of its pieces are complete.
            let generation = generations[index]
            if open?.append(record, callback, generation: generation) == nil {
                seal()
                let chunk = Chunk(capacity: max(limit, RecordBatchLayout.headerSize + record.upperBound))
                open = OpenBatch(
                    chunk: chunk, topic: queue.topic.name, partition: queue.partition, createdAt: createdAt)
                _ = open?.append(record, callback, generation: generation)
            }
            index += 1
        }
        seal()
        _ = result.settle(.split(places))
        pieceCount = pieces.count
        return pieces
    }

    /// Opens when the batch is complete.
    var latch: Latch { result.latch }

    private func recordSizes() -> BatchResult.Sizes {
        let sizes = BatchResult.Sizes.allocate(capacity: Int(recordCount))
        var index = 0
        for record in writer.writtenRecords {
            (sizes + index).initialize(to: .init(record))
            index += 1
        }
        return sizes
    }
}

/// A batch that still takes records; lives inside its partition's lock.
struct OpenBatch: ~Copyable {
    // What each record touches comes first.
    var writer: RecordBatchWriter
    let result: BatchResult
    private(set) var generations = RecordGenerations()
    /// The oldest generation of a record in it, where its topic counts it.
    private(set) var countedGeneration = -1
    var callbacks = RecordCallbacks()
    let createdAt: NIODeadline
    let chunk: Chunk

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

    /// Appends a record; returns its future, its size and its end, or nil if there is no room.
    @inline(__always)
    mutating func append(
        _ record: RecordBytes, _ callback: DeliveryCallback?, generation: Int = -1
    ) -> (DeliveryFuture, Int, UnsafeRawPointer)? {
        // The future counts as a reference: while the record is written, the count comes near.
        kl_prefetch_for_writing(Unmanaged.passUnretained(result).toOpaque())
        let (index, before) = (writer.count, writer.position)
        guard
            writer.append(key: record.key, value: record.value, headers: record.headers, timestamp: record.timestamp)
        else { return nil }
        callbacks.append(callback, for: index)
        generations.append(generation, for: index)
        return (DeliveryFuture(batch: result, index: index), writer.position - before, writer.nextRecord)
    }

    /// Whether the topic knows that a record of that generation, or of an older one, is under way here.
    func isCounted(_ generation: Int) -> Bool { countedGeneration >= 0 && countedGeneration <= generation }

    /// Has the topic know it.
    mutating func count(_ generation: Int, in counts: TopicGenerations) {
        if isCounted(generation) { return }
        counts.began(generation, insteadOf: countedGeneration)
        countedGeneration = generation
    }
}

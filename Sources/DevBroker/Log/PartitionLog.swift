import DequeModule
import KafkaWire
import NIOCore

/// The batches of one partition in their order, and what is known of them; batches are judged here but for their
/// bytes, which `BatchRules` has looked at.
struct PartitionLog {
    /// Where a batch went.
    struct Appended: Equatable {
        var baseOffset: Int64
        var isDuplicate = false
    }

    /// A batch that is kept.
    private struct Entry {
        var lastOffset: Int64
        var maxTimestamp: Int64
        /// Where it lies, counted over all bytes that were ever appended.
        var bytes: Range<Int>
    }

    /// The first offset that can still be read.
    private(set) var startOffset: Int64 = 0
    /// The offset that the next record gets.
    private(set) var endOffset: Int64 = 0
    private var endPosition = 0
    private var entries: Deque<Entry> = []
    private var producers = ProducerStates()
    private var transactions = TransactionIndex()
    /// Nil where batches are counted and forgotten.
    private var store: (any BatchStore)?
    private let retentionBytes: Int

    /// - Parameters:
    ///   - store: Where batches are kept; nil forgets them.
    ///   - retentionBytes: Beyond this many bytes the oldest batches go.
    init(store: (any BatchStore)?, retentionBytes: Int? = nil) {
        self.store = store
        self.retentionBytes = retentionBytes ?? .max
    }

    /// Where the first open transaction begins; the end if there is none.
    var lastStableOffset: Int64 { max(transactions.firstOpenOffset ?? endOffset, startOffset) }

    /// Takes a producer's batch or a marker, gives it its offsets and stores it.
    /// - Parameter beginsTransaction: Whether the batch begins a transaction here unless there is one: then its
    ///   producer has to begin with sequence 0 (KIP-890).
    /// - Throws: `Refusal` if its sequence is not the next of its producer, or it cannot be stored.
    mutating func append(
        _ header: BatchHeader, _ batch: consuming ByteBuffer, leaderEpoch: Int32, beginsTransaction: Bool = false
    ) throws(Refusal) -> Appended {
        if header.hasProducer, header.outcome == nil {
            let verdict = producers.check(
                producerId: header.producerId, epoch: header.producerEpoch, sequences: header.sequences,
                beginsAnew: beginsTransaction && !transactions.isOpen(header.producerId))
            switch verdict {
            case .append: break
            case .duplicate(let baseOffset): return Appended(baseOffset: baseOffset, isDuplicate: true)
            case .refuse(let refusal): throw refusal
            }
            if !header.isTransactional, transactions.isOpen(header.producerId) {
                throw Refusal(
                    .invalidTxnState, "the batch is not part of the transaction that producer \(header.producerId) has")
            }
        }
        let baseOffset = endOffset
        if store != nil {
            // Neither field is under the batch's CRC.
            let start = batch.readerIndex
            batch.setInteger(baseOffset, at: start + RecordBatchLayout.baseOffset)
            batch.setInteger(leaderEpoch, at: start + RecordBatchLayout.partitionLeaderEpoch)
            do throws(StorageError) {
                try store?.append(batch)
            } catch {
                throw Refusal(error)
            }
        }
        note(header, baseOffset: baseOffset)
        return Appended(baseOffset: baseOffset)
    }

    /// Counts a batch that has been stored at the end.
    private mutating func note(_ header: BatchHeader, baseOffset: Int64) {
        let lastOffset = baseOffset + Int64(header.lastOffsetDelta)
        endOffset = lastOffset + 1
        if let outcome = header.outcome {
            producers.ended(producerId: header.producerId, epoch: header.producerEpoch, offset: baseOffset)
            transactions.ended(producerId: header.producerId, outcome, at: baseOffset)
        } else if header.hasProducer {
            producers.appended(
                producerId: header.producerId, epoch: header.producerEpoch, sequences: header.sequences,
                baseOffset: baseOffset)
            if header.isTransactional { transactions.appended(producerId: header.producerId, at: baseOffset) }
        }
        guard store != nil else { return startOffset = endOffset }
        let bytes = endPosition..<endPosition + header.byteCount
        endPosition = bytes.upperBound
        entries.append(Entry(lastOffset: lastOffset, maxTimestamp: header.maxTimestamp, bytes: bytes))
        while entries.count > 1, let first = entries.first, endPosition - first.bytes.lowerBound > retentionBytes {
            entries.removeFirst()
            store?.removeFirst()
            startOffset = first.lastOffset + 1
            transactions.removeAborted(before: startOffset)
        }
    }

    /// Reads whole batches, from the one that holds `offset` on.
    /// - Parameters:
    ///   - maxBytes: No batch goes beyond it, except the first one if `atLeastOne` (KIP-74).
    /// - Throws: `Refusal` if the offset is not in the log, or the log cannot be read.
    func read(from offset: Int64, maxBytes: Int, atLeastOne: Bool) throws(Refusal) -> [ByteBuffer] {
        try read(from: offset, maxBytes: maxBytes, atLeastOne: atLeastOne, isolation: .readUncommitted).batches
    }

    /// Reads whole batches as `read(from:maxBytes:atLeastOne:)` does, and which transactions in them were aborted.
    func read(
        from offset: Int64, maxBytes: Int, atLeastOne: Bool, isolation: IsolationLevel
    ) throws(Refusal) -> (batches: [ByteBuffer], aborted: [TransactionIndex.Aborted]) {
        let limit = isolation == .readCommitted ? lastStableOffset : endOffset
        let range = try entryRange(from: offset, to: limit, maxBytes: maxBytes, atLeastOne: atLeastOne)
        guard isolation == .readCommitted, let last = range.last else { return (try read(entryRange: range), []) }
        return (try read(entryRange: range), transactions.aborted(in: offset..<entries[last].lastOffset + 1))
    }

    private func entryRange(
        from offset: Int64, to limit: Int64, maxBytes: Int, atLeastOne: Bool
    ) throws(Refusal) -> Range<Int> {
        guard (startOffset...endOffset).contains(offset) else {
            throw Refusal(.offsetOutOfRange, "offset \(offset) is not in \(startOffset)…\(endOffset)")
        }
        let first = entries.partitioningIndex { $0.lastOffset >= offset }
        let end = entries.partitioningIndex { $0.lastOffset >= limit }
        guard first < end else { return 0..<0 }
        let start = entries[first].bytes.lowerBound
        var last = first
        while last < end, entries[last].bytes.upperBound - start <= maxBytes { last += 1 }
        if last == first {
            guard atLeastOne else { return 0..<0 }
            last += 1
        }
        return first..<last
    }

    private func read(entryRange: Range<Int>) throws(Refusal) -> [ByteBuffer] {
        guard let store, let first = entryRange.first, let last = entryRange.last else { return [] }
        do throws(StorageError) {
            let bytes = entries[first].bytes.lowerBound..<entries[last].bytes.upperBound
            return try store.read(entryRange, bytes: bytes)
        } catch {
            throw Refusal(error)
        }
    }

    /// The first batch with a record at `timestamp` or later; nil if there is none.
    func batch(since timestamp: Int64) throws(Refusal) -> ByteBuffer? {
        guard let index = entries.firstIndex(where: { $0.maxTimestamp >= timestamp }) else { return nil }
        return try read(entryRange: index..<index + 1).first
    }

    /// The latest timestamp of all records; nil if there are none.
    var latestTimestamp: Int64? { entries.map(\.maxTimestamp).max() }

    /// Ends the log; nothing is appended after that.
    mutating func close() throws(StorageError) {
        try store?.finish()
    }
}

extension PartitionLog {
    /// Reads the log that a file holds. What is not a whole and correct batch at the next offset is cut off, with
    /// all that follows it: a broker that ended in the middle of a write leaves such a tail.
    /// - Returns: The log, and how many bytes were cut off.
    /// - Throws: `StorageError` if the file cannot be read or cut.
    static func recover(_ file: AppendFile) throws(StorageError) -> (log: PartitionLog, bytesCut: Int) {
        var log = PartitionLog(store: file)
        let count = file.count
        while let header = try log.nextBatch(of: file, count: count) {
            log.note(header, baseOffset: log.endOffset)
        }
        let bytesCut = count - log.endPosition
        if bytesCut > 0 { try file.truncate(to: log.endPosition) }
        return (log, bytesCut)
    }

    private func nextBatch(of file: AppendFile, count: Int) throws(StorageError) -> BatchHeader? {
        let available = count - endPosition
        guard available >= RecordBatchLayout.headerSize else { return nil }
        let start = try file.read(endPosition..<endPosition + RecordBatchLayout.headerSize)
        let lengthIndex = start.readerIndex + RecordBatchLayout.batchLength
        let length = start.getInteger(at: lengthIndex, as: Int32.self).map(Int.init) ?? 0
        let size = length + RecordBatchLayout.lengthOverhead
        guard (RecordBatchLayout.headerSize...available).contains(size) else { return nil }
        let bytes = try file.read(endPosition..<endPosition + size)
        do throws(RecordBatchError) {
            let batch = try RecordBatch(bytes.readableBytesSpan)
            try batch.validateChecksum()
            guard batch.baseOffset == endOffset, batch.lastOffsetDelta >= 0 else { return nil }
            return BatchHeader(batch)
        } catch {
            return nil
        }
    }
}

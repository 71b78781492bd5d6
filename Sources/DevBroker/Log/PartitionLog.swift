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

    /// Takes a batch from a producer, gives it its offsets and stores it.
    /// - Throws: `Refusal` if its sequence is not the next of its producer, or it cannot be stored.
    mutating func append(
        _ header: BatchHeader, _ batch: consuming ByteBuffer, leaderEpoch: Int32
    ) throws(Refusal) -> Appended {
        if header.hasProducer {
            let verdict = producers.check(
                producerId: header.producerId, epoch: header.producerEpoch, sequences: header.sequences)
            switch verdict {
            case .append: break
            case .duplicate(let baseOffset): return Appended(baseOffset: baseOffset, isDuplicate: true)
            case .refuse(let refusal): throw refusal
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
        if header.hasProducer {
            producers.appended(
                producerId: header.producerId, epoch: header.producerEpoch, sequences: header.sequences,
                baseOffset: baseOffset)
        }
        guard store != nil else { return startOffset = endOffset }
        let bytes = endPosition..<endPosition + header.byteCount
        endPosition = bytes.upperBound
        entries.append(Entry(lastOffset: lastOffset, maxTimestamp: header.maxTimestamp, bytes: bytes))
        while entries.count > 1, let first = entries.first, endPosition - first.bytes.lowerBound > retentionBytes {
            entries.removeFirst()
            store?.removeFirst()
            startOffset = first.lastOffset + 1
        }
    }

    /// Reads whole batches, from the one that holds `offset` on.
    /// - Parameters:
    ///   - maxBytes: No batch goes beyond it, except the first one if `atLeastOne` (KIP-74).
    /// - Throws: `Refusal` if the offset is not in the log, or the log cannot be read.
    func read(from offset: Int64, maxBytes: Int, atLeastOne: Bool) throws(Refusal) -> [ByteBuffer] {
        guard (startOffset...endOffset).contains(offset) else {
            throw Refusal(.offsetOutOfRange, "offset \(offset) is not in \(startOffset)…\(endOffset)")
        }
        let first = entries.partitioningIndex { $0.lastOffset >= offset }
        guard first < entries.count else { return [] }
        let start = entries[first].bytes.lowerBound
        var last = first
        while last < entries.count, entries[last].bytes.upperBound - start <= maxBytes { last += 1 }
        if last == first {
            guard atLeastOne else { return [] }
            last += 1
        }
        return try read(entryRange: first..<last)
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

extension Deque {
    /// The first index whose element, and all after it, fulfil the predicate; `count` if none does.
    fileprivate func partitioningIndex(where belongsToSecondPart: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if belongsToSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

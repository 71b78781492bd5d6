/// Reads the records of one batch in turn, without copying them.
public struct RecordReader: ~Copyable, ~Escapable {
    private var wire: WireReader
    private let origin: RecordView.Origin
    /// How many records there are to be.
    public let count: Int
    /// How many have been read.
    public private(set) var index = 0

    /// The bytes of a record without key, value or headers: seven fields of a byte.
    private static let minimumRecordSize = 7

    @_lifetime(copy records)
    init(of batch: RecordBatch, records: RawSpan) throws(RecordBatchError) {
        let count = Int(batch.recordsCount)
        guard count >= 0, count <= records.byteCount / Self.minimumRecordSize else {
            throw .invalidCount(batch.recordsCount)
        }
        self.count = count
        wire = WireReader(records)
        origin = RecordView.Origin(
            offset: batch.baseOffset,
            timestamp: batch.baseTimestamp,
            logAppendTime: batch.attributes.timestampType == .logAppendTime ? batch.maxTimestamp : nil)
    }

    /// The next record; nil after the last.
    ///
    /// - Throws: `malformedRecord`, or `trailingBytes` when more follows than there should be.
    @_lifetime(copy self)
    public mutating func next() throws(RecordBatchError) -> RecordView? {
        guard index < count else {
            if wire.remaining > 0 { throw .trailingBytes(wire.remaining) }
            return nil
        }
        do throws(WireError) {
            let record = try wire.record(from: origin)
            index += 1
            return record
        } catch {
            throw .malformedRecord(index: index, error)
        }
    }
}

extension WireReader {
    @_lifetime(copy self)
    fileprivate mutating func record(from origin: RecordView.Origin) throws(WireError) -> RecordView {
        let length = try varint()
        let start = position
        let bytes = try take(span: Int(length))
        do throws(WireError) {
            return try RecordView(bytes, from: origin)
        } catch {
            // The record counts from its own first byte.
            throw WireError(error.reason, at: start + error.position)
        }
    }
}

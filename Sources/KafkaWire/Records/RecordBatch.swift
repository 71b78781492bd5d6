/// A record batch (format 2) that lies in somebody's bytes, read in place.
///
/// That the header is whole is checked once, by `init`; nothing else is believed until it is read or validated.
public struct RecordBatch: ~Escapable {
    /// The whole batch, header included.
    public let bytes: RawSpan

    /// Takes bytes that are exactly one batch.
    ///
    /// - Throws: `truncated`, `invalidLength`, or `unsupportedMagic`.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(RecordBatchError) {
        guard let size = try Self.size(at: 0, of: bytes) else {
            throw .truncated(needed: RecordBatchLayout.headerSize, available: bytes.byteCount)
        }
        guard size <= bytes.byteCount else { throw .truncated(needed: size, available: bytes.byteCount) }
        guard size == bytes.byteCount else { throw .trailingBytes(bytes.byteCount - size) }
        self.init(checked: bytes)
    }

    /// Takes bytes of which `size(at:of:)` said that they are a batch.
    @_lifetime(copy bytes)
    init(checked bytes: RawSpan) {
        self.bytes = bytes
    }

    /// How many bytes the batch at `start` has, by its own account; nil when not even its magic byte is there.
    static func size(at start: Int, of bytes: RawSpan) throws(RecordBatchError) -> Int? {
        guard bytes.byteCount - start > RecordBatchLayout.magic else { return nil }
        let batch = bytes.extracting(start...)
        // The older formats have the magic byte at the same place, and may be shorter.
        let magic = batch.load(RecordBatchLayout.magic, as: Int8.self)
        guard magic == RecordBatchLayout.currentMagic else { throw .unsupportedMagic(magic) }
        let length = Int(batch.load(RecordBatchLayout.batchLength, as: Int32.self))
        let size = length + RecordBatchLayout.lengthOverhead
        guard size >= RecordBatchLayout.headerSize else { throw .invalidLength(length) }
        return size
    }

    public var baseOffset: Int64 { bytes.load(RecordBatchLayout.baseOffset) }
    /// What the header says follows its first 12 bytes, which is true.
    public var batchLength: Int32 { bytes.load(RecordBatchLayout.batchLength) }
    public var partitionLeaderEpoch: Int32 { bytes.load(RecordBatchLayout.partitionLeaderEpoch) }
    public var magic: Int8 { bytes.load(RecordBatchLayout.magic) }
    /// The CRC-32C as stored; see `computedChecksum`.
    public var checksum: UInt32 { bytes.load(RecordBatchLayout.crc) }
    public var attributes: RecordBatchAttributes {
        RecordBatchAttributes(rawValue: bytes.load(RecordBatchLayout.attributes))
    }
    public var lastOffsetDelta: Int32 { bytes.load(RecordBatchLayout.lastOffsetDelta) }
    /// In ms since 1970.
    public var baseTimestamp: Int64 { bytes.load(RecordBatchLayout.baseTimestamp) }
    /// In ms since 1970.
    public var maxTimestamp: Int64 { bytes.load(RecordBatchLayout.maxTimestamp) }
    /// −1 for a producer without idempotence; likewise the epoch and the sequence.
    public var producerId: Int64 { bytes.load(RecordBatchLayout.producerId) }
    public var producerEpoch: Int16 { bytes.load(RecordBatchLayout.producerEpoch) }
    public var baseSequence: Int32 { bytes.load(RecordBatchLayout.baseSequence) }
    /// How many records the header says there are.
    public var recordsCount: Int32 { bytes.load(RecordBatchLayout.recordsCount) }

    /// The offset of the last record that the batch had when it was written; compaction may have removed it.
    public var lastOffset: Int64 { baseOffset &+ Int64(lastOffsetDelta) }

    /// The CRC-32C that the bytes have.
    public var computedChecksum: UInt32 { CRC32C.checksum(bytes.extracting(RecordBatchLayout.attributes...)) }

    /// The records behind the header, compressed as `attributes` say.
    public var payload: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(RecordBatchLayout.headerSize...) }
    }
}

extension RawSpan {
    /// A big-endian number; the bytes must be there.
    fileprivate func load<Value: FixedWidthInteger & BitwiseCopyable>(
        _ offset: Int, as type: Value.Type = Value.self
    ) -> Value {
        Value(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: type))
    }
}

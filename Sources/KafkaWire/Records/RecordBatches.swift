/// The record batches that lie one behind the other in a region of bytes, as in an answer to Fetch or a log's file.
///
/// The last one may be cut off, since a broker answers with as many bytes as it was asked for: it is passed over.
public struct RecordBatches: ~Copyable, ~Escapable {
    private let bytes: RawSpan
    /// Where the next batch begins, or the one that is cut off.
    public private(set) var position = 0
    private var isDamaged = false

    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    /// How many bytes have not been passed: after the last batch, those of the one that is cut off.
    public var remaining: Int { bytes.byteCount - position }

    /// The next whole batch; nil when there is none, and after an error.
    ///
    /// - Throws: `invalidLength` or `unsupportedMagic`; where the next batch begins is then not known.
    @_lifetime(copy self)
    public mutating func next() throws(RecordBatchError) -> RecordBatch? {
        if isDamaged { return nil }
        let size: Int?
        do throws(RecordBatchError) {
            size = try RecordBatch.size(at: position, of: bytes)
        } catch {
            isDamaged = true
            throw error
        }
        guard let size, size <= remaining else { return nil }
        let batch = RecordBatch(checked: bytes.extracting(position..<position + size))
        position += size
        return batch
    }
}

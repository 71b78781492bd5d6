extension RecordBatch {
    /// A reader of the records, which lie in the batch or, if it is compressed, in the decompressor's memory.
    ///
    /// The checksum is not looked at: see `validateChecksum`.
    /// - Throws: `unknownCodec`, `compression`, or `invalidCount`.
    @_lifetime(copy self, &decompressor)
    public func reader(using decompressor: inout Decompressor) throws(RecordBatchError) -> RecordReader {
        switch attributes.compression {
        case nil:
            throw .unknownCodec(attributes.codec)
        case .some(.none):
            return try RecordReader(of: self, records: payload)
        case .some(let codec):
            let records: RawSpan
            do throws(CompressionError) {
                records = try decompressor.decompress(payload, codec)
            } catch {
                throw .compression(error)
            }
            return try RecordReader(of: self, records: records)
        }
    }

    /// All records, copied.
    ///
    /// - Throws: what `reader` and `RecordReader.next` throw.
    public func records(using decompressor: inout Decompressor) throws(RecordBatchError) -> [Record] {
        var reader = try reader(using: &decompressor)
        var records: [Record] = []
        while let record = try reader.next() { records.append(Record(record)) }
        return records
    }

    /// Compares the stored checksum with that of the bytes.
    ///
    /// - Throws: `checksumMismatch`.
    public func validateChecksum() throws(RecordBatchError) {
        let computed = computedChecksum
        guard computed == checksum else { throw .checksumMismatch(stored: checksum, computed: computed) }
    }

    /// Checks what a broker has to check before it appends what a producer sent: the checksum, at least one record,
    /// as many as the header says, offsets that count up from 0 to the last one that the header names, and no bytes
    /// left over (Java's `LogValidator`).
    ///
    /// - Throws: the first fault found, in that order.
    public func validate(using decompressor: inout Decompressor) throws(RecordBatchError) {
        try validateChecksum()
        guard recordsCount > 0 else { throw .invalidCount(recordsCount) }
        guard lastOffsetDelta == recordsCount - 1 else {
            throw .invalidLastOffsetDelta(lastOffsetDelta, count: recordsCount)
        }
        var reader = try reader(using: &decompressor)
        var index = 0
        while let record = try reader.next() {
            guard record.offsetDelta == index else { throw .invalidOffsetDelta(record.offsetDelta, index: index) }
            index += 1
        }
    }
}

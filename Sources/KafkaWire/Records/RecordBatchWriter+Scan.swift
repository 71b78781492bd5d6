extension RecordBatchWriter {
    /// Goes over the records that were written, uncompressed memory that nobody else has touched.
    public func forEachRecord(_ body: (_ timestamp: Int64, _ keySize: Int32, _ valueSize: Int32) -> Void) {
        var cursor = records
        for _ in 0..<count {
            let size = Varint.unzigzag(UInt32(truncatingIfNeeded: Self.varint(&cursor)))
            let end = cursor + Int(size)
            cursor += 1
            let timestamp = baseTimestamp &+ Varint.unzigzag(Self.varint(&cursor))
            _ = Self.varint(&cursor)
            let keySize = Varint.unzigzag(UInt32(truncatingIfNeeded: Self.varint(&cursor)))
            if keySize > 0 { cursor += Int(keySize) }
            let valueSize = Varint.unzigzag(UInt32(truncatingIfNeeded: Self.varint(&cursor)))
            body(timestamp, keySize, valueSize)
            cursor = end
        }
    }

    private static func varint(_ cursor: inout UnsafeRawPointer) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = cursor.load(as: UInt8.self)
            cursor += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }
}

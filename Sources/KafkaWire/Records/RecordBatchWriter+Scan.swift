extension RecordBatchWriter {
    /// A record that was written, where it lies.
    public struct WrittenRecord {
        /// Milliseconds since 1970.
        public let timestamp: Int64
        /// Bytes; −1 for null.
        public let keySize: Int32
        /// Bytes; −1 for null.
        public let valueSize: Int32
        fileprivate let keyStart: UnsafeRawPointer
        fileprivate let valueStart: UnsafeRawPointer
        fileprivate let end: UnsafeRawPointer

        public var key: UnsafeRawBufferPointer? { Self.bytes(keyStart, keySize) }
        public var value: UnsafeRawBufferPointer? { Self.bytes(valueStart, valueSize) }
        /// The section of headers as the wire has it.
        public var headers: UnsafeRawBufferPointer {
            let start = valueStart + Int(max(valueSize, 0))
            return UnsafeRawBufferPointer(start: start, count: end - start)
        }

        private static func bytes(_ start: UnsafeRawPointer, _ size: Int32) -> UnsafeRawBufferPointer? {
            size < 0 ? nil : UnsafeRawBufferPointer(start: start, count: Int(size))
        }
    }

    /// Goes over the records that were written, uncompressed memory that nobody else has touched.
    public func forEachRecord(_ body: (WrittenRecord) -> Void) {
        var cursor = records
        for _ in 0..<count {
            let size = Varint.unzigzag(UInt32(truncatingIfNeeded: Self.varint(&cursor)))
            let end = cursor + Int(size)
            cursor += 1
            let timestamp = baseTimestamp &+ Varint.unzigzag(Self.varint(&cursor))
            _ = Self.varint(&cursor)
            let keySize = Varint.unzigzag(UInt32(truncatingIfNeeded: Self.varint(&cursor)))
            let keyStart = cursor
            cursor += Int(max(keySize, 0))
            let valueSize = Varint.unzigzag(UInt32(truncatingIfNeeded: Self.varint(&cursor)))
            body(
                WrittenRecord(
                    timestamp: timestamp, keySize: keySize, valueSize: valueSize, keyStart: keyStart,
                    valueStart: cursor, end: end))
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

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

    /// The records that were written, uncompressed memory that nobody else has touched.
    public var writtenRecords: WrittenRecords {
        WrittenRecords(cursor: records, remaining: count, baseTimestamp: baseTimestamp)
    }

    /// Reads records back, from the first on.
    public struct WrittenRecords: Sequence, IteratorProtocol {
        fileprivate var cursor: UnsafeRawPointer
        fileprivate var remaining: Int32
        fileprivate let baseTimestamp: Int64

        public mutating func next() -> WrittenRecord? {
            guard remaining > 0 else { return nil }
            remaining -= 1
            let size = Varint.unzigzag(UInt32(truncatingIfNeeded: varint()))
            let end = cursor + Int(size)
            cursor += 1
            let timestamp = baseTimestamp &+ Varint.unzigzag(varint())
            _ = varint()
            let keySize = Varint.unzigzag(UInt32(truncatingIfNeeded: varint()))
            let keyStart = cursor
            cursor += Int(Swift.max(keySize, 0))
            let valueSize = Varint.unzigzag(UInt32(truncatingIfNeeded: varint()))
            defer { cursor = end }
            return WrittenRecord(
                timestamp: timestamp, keySize: keySize, valueSize: valueSize, keyStart: keyStart, valueStart: cursor,
                end: end)
        }

        @inline(__always)
        private mutating func varint() -> UInt64 {
            // Nearly all take one byte or two.
            let first = UInt64(cursor.load(as: UInt8.self))
            if first < 0x80 {
                cursor += 1
                return first
            }
            let second = UInt64(cursor.load(fromByteOffset: 1, as: UInt8.self))
            if second < 0x80 {
                cursor += 2
                return first & 0x7f | second << 7
            }
            return longVarint()
        }

        @inline(never)
        private mutating func longVarint() -> UInt64 {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            var byte: UInt8
            repeat {
                byte = cursor.load(as: UInt8.self)
                cursor += 1
                value |= UInt64(byte & 0x7f) &<< shift
                shift += 7
            } while byte >= 0x80
            return value
        }
    }
}

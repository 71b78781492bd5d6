public import CSupport

/// Writes records one after the other into a record batch (v2), in wire format, in memory that the caller owns.
///
/// A record's bytes are copied once: from where the caller has them to where the socket reads them. The header is
/// written at the end, by `finish`, when sequence and size are known.
public struct RecordBatchWriter {
    /// The largest number of records in a batch: Kafka's readers count offsets in 32 bits.
    public static let maximumCount = Int32.max - 1

    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline let capacity: Int
    @usableFromInline var end: Int
    @usableFromInline var recordCount: Int32 = 0
    @usableFromInline var firstTimestamp: Int64 = -1
    @usableFromInline var latestTimestamp: Int64 = -1

    /// Bytes written, the header's place included.
    @inlinable public var position: Int { end }
    /// Records written.
    @inlinable public var count: Int32 { recordCount }
    /// The timestamp of the first record, from which the others count.
    @inlinable public var baseTimestamp: Int64 { firstTimestamp }
    @inlinable public var maxTimestamp: Int64 { latestTimestamp }

    /// - Parameter memory: at least `RecordBatchLayout.headerSize` bytes; must outlive the writer.
    public init(memory: UnsafeMutableRawBufferPointer) {
        precondition(memory.count >= RecordBatchLayout.headerSize)
        base = memory.baseAddress.unsafelyUnwrapped
        capacity = memory.count
        end = RecordBatchLayout.headerSize
    }

    /// Where the next record will lie.
    @inlinable public var nextRecord: UnsafeRawPointer { UnsafeRawPointer(base + end) }
    /// Where the records begin.
    var records: UnsafeRawPointer { UnsafeRawPointer(base + RecordBatchLayout.headerSize) }

    /// The most bytes that a record can take, with its length, attributes and deltas.
    /// - Parameter headersCount: bytes of the encoded section of headers; 0 for none, which takes a byte all the same.
    @inlinable
    public static func upperBound(keyCount: Int, valueCount: Int, headersCount: Int) -> Int {
        // Length 5, attributes 1, timestamp delta 10, offset delta 5, key and value lengths 5 each.
        31 + keyCount + valueCount + max(headersCount, 1)
    }

    /// The most bytes that a batch of that one record can take.
    @inlinable
    public static func batchUpperBound(keyCount: Int, valueCount: Int, headersCount: Int) -> Int {
        RecordBatchLayout.headerSize
            + upperBound(keyCount: keyCount, valueCount: valueCount, headersCount: headersCount)
    }

    /// Appends a record if its upper bound fits into what is left; returns whether it did.
    /// - Parameters:
    ///   - headers: the section of headers as the wire has it (`RecordHeader.encode`); empty for none.
    ///   - timestamp: milliseconds since 1970.
    @inlinable
    @inline(__always)
    public mutating func append(
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, headers: UnsafeRawBufferPointer, timestamp: Int64
    ) -> Bool {
        let keyCount = key?.count ?? 0
        let valueCount = value?.count ?? 0
        let bound = Self.upperBound(keyCount: keyCount, valueCount: valueCount, headersCount: headers.count)
        guard bound <= capacity - position, count < Self.maximumCount else { return false }

        if count == 0 {
            firstTimestamp = timestamp
            latestTimestamp = timestamp
        } else if timestamp > latestTimestamp {
            latestTimestamp = timestamp
        }
        let timestampDelta = Varint.zigzag(timestamp &- baseTimestamp)
        let offsetDelta = Varint.zigzag(count)
        let keyLength = Varint.zigzag(key == nil ? -1 : Int32(truncatingIfNeeded: keyCount))
        let valueLength = Varint.zigzag(value == nil ? -1 : Int32(truncatingIfNeeded: valueCount))
        let size =
            1 + Varint.size(timestampDelta) + Varint.size(offsetDelta) + Varint.size(keyLength) + keyCount
            + Varint.size(valueLength) + valueCount + max(headers.count, 1)

        var cursor = base + position
        Self.put(UInt64(Varint.zigzag(Int32(truncatingIfNeeded: size))), at: &cursor)
        cursor.storeBytes(of: 0, as: UInt8.self)
        cursor += 1
        Self.put(timestampDelta, at: &cursor)
        Self.put(UInt64(offsetDelta), at: &cursor)
        Self.put(UInt64(keyLength), at: &cursor)
        Self.put(key, at: &cursor)
        Self.put(UInt64(valueLength), at: &cursor)
        Self.put(value, at: &cursor)
        if headers.isEmpty {
            cursor.storeBytes(of: 0, as: UInt8.self)
            cursor += 1
        } else {
            Self.put(headers, at: &cursor)
        }
        end = cursor - base
        recordCount += 1
        Self.fetchAhead(of: cursor)
        return true
    }

    /// How far ahead of the writing the memory is called for.
    @inlinable static var fetchDistance: Int { 1024 }
    @inlinable static var cacheLine: Int { 64 }

    /// Calls for the memory that the next records but a few will lie in. It was read last by the core that sent it, and
    /// fetching it back takes longer than writing a record. Two lines a record: copies of long ones fetch for themselves.
    @inlinable
    @inline(__always)
    static func fetchAhead(of cursor: UnsafeMutableRawPointer) {
        kl_prefetch_for_writing(cursor + fetchDistance)
        kl_prefetch_for_writing(cursor + fetchDistance + cacheLine)
    }

    /// Writes the batch's header but for the CRC, over records that may since have been compressed elsewhere.
    /// - Parameters:
    ///   - memory: where the batch lies: its first bytes are the header.
    ///   - count: bytes of the whole batch as it goes out.
    public func writeHeader(
        to memory: UnsafeMutableRawPointer, count byteCount: Int, codec: UInt8, isTransactional: Bool,
        producerId: Int64, producerEpoch: Int16, baseSequence: Int32
    ) {
        typealias Layout = RecordBatchLayout
        func store<Value: FixedWidthInteger>(_ value: Value, _ offset: Int) {
            memory.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Value.self)
        }
        store(Int64(0), Layout.baseOffset)
        store(Int32(truncatingIfNeeded: byteCount - Layout.partitionLeaderEpoch), Layout.batchLength)
        store(Int32(-1), Layout.partitionLeaderEpoch)
        store(Int8(2), Layout.magic)
        store(Int16(codec) | (isTransactional ? 1 << 4 : 0), Layout.attributes)
        store(count - 1, Layout.lastOffsetDelta)
        store(baseTimestamp, Layout.baseTimestamp)
        store(maxTimestamp, Layout.maxTimestamp)
        store(producerId, Layout.producerId)
        store(producerEpoch, Layout.producerEpoch)
        store(baseSequence, Layout.baseSequence)
        store(count, Layout.recordsCount)
    }

    /// Computes the CRC of a batch whose header is written and stores it.
    public static func seal(_ batch: UnsafeMutableRawBufferPointer) {
        typealias Layout = RecordBatchLayout
        let summed = UnsafeRawBufferPointer(rebasing: batch[Layout.attributes...])
        let checksum = CRC32C.checksum(summed)
        batch.storeBytes(of: checksum.bigEndian, toByteOffset: Layout.crc, as: UInt32.self)
    }

    @inlinable
    @inline(__always)
    static func put(_ value: UInt64, at cursor: inout UnsafeMutableRawPointer) {
        // Nearly all lengths and deltas of records take one byte or two.
        if value < 1 << 7 {
            cursor.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
            cursor += 1
        } else if value < 1 << 14 {
            let pair = UInt16(truncatingIfNeeded: value & 0x7f | 0x80 | (value >> 7) << 8)
            cursor.storeBytes(of: pair.littleEndian, as: UInt16.self)
            cursor += 2
        } else {
            putLong(value, at: &cursor)
        }
    }

    @usableFromInline
    static func putLong(_ value: UInt64, at cursor: inout UnsafeMutableRawPointer) {
        var rest = value
        while rest >= 0x80 {
            cursor.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, as: UInt8.self)
            cursor += 1
            rest >>= 7
        }
        cursor.storeBytes(of: UInt8(truncatingIfNeeded: rest), as: UInt8.self)
        cursor += 1
    }

    @inlinable
    @inline(__always)
    static func put(_ bytes: UnsafeRawBufferPointer?, at cursor: inout UnsafeMutableRawPointer) {
        guard let bytes = bytes, let start = bytes.baseAddress else { return }
        cursor.copyMemory(from: start, byteCount: bytes.count)
        cursor += bytes.count
    }
}

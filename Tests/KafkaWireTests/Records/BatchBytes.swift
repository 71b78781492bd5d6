import KafkaWire

/// Two records, a=v at 1 ms and b=v at 2 ms, as Apache Kafka writes them.
enum BatchBytes {
    static let plain = BatchVector.bytes(
        hex: """
            000000000000000000000043ffffffff02ddd6267b0000000000010000000000000001000000000000000\
            2ffffffffffffffffffffffffffff00000002100000000261027600100002020262027600
            """)
    static let idempotent = BatchVector.bytes(
        hex: """
            000000000012d68700000043ffffffff021642b48e0000000000010000000000000001000000000000000\
            20000000000005b7f0091000003d700000002100000000261027600100002020262027600
            """)

    /// The plain batch with some bytes replaced and, unless told otherwise, the checksum made right again.
    static func changed(_ offset: Int, _ bytes: [UInt8], sealed: Bool = true) -> [UInt8] {
        var batch = plain
        batch.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        if sealed { seal(&batch) }
        return batch
    }

    /// A batch with the plain one's header over other records.
    static func with(records: [UInt8], count: Int32, attributes: RecordBatchAttributes = .init()) -> [UInt8] {
        var batch = Array(plain.prefix(RecordBatchLayout.headerSize)) + records
        store(Int32(batch.count - RecordBatchLayout.lengthOverhead), RecordBatchLayout.batchLength, in: &batch)
        store(attributes.rawValue, RecordBatchLayout.attributes, in: &batch)
        store(count - 1, RecordBatchLayout.lastOffsetDelta, in: &batch)
        store(count, RecordBatchLayout.recordsCount, in: &batch)
        seal(&batch)
        return batch
    }

    static func seal(_ batch: inout [UInt8]) {
        store(CRC32C.checksum(batch.span.bytes.extracting(RecordBatchLayout.attributes...)), 17, in: &batch)
    }

    private static func store<Value: FixedWidthInteger>(_ value: Value, _ offset: Int, in batch: inout [UInt8]) {
        batch.withUnsafeMutableBytes { $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Value.self) }
    }

    /// All records of all batches in the region, copied.
    static func records(_ region: [UInt8], limit: Int = Decompressor.defaultLimit) throws(RecordBatchError) -> [Record]
    {
        var decompressor = Decompressor(limit: limit)
        var batches = RecordBatches(region.span.bytes)
        var records: [Record] = []
        while let batch = try batches.next() { records += try batch.records(using: &decompressor) }
        return records
    }

    static func validate(_ bytes: [UInt8], limit: Int = Decompressor.defaultLimit) throws(RecordBatchError) {
        var decompressor = Decompressor(limit: limit)
        try RecordBatch(bytes.span.bytes).validate(using: &decompressor)
    }
}

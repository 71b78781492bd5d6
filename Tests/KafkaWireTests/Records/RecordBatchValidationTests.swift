import KafkaWire
import Testing

@Suite struct RecordBatchValidationTests {
    private typealias Layout = RecordBatchLayout

    private static let faults: [(String, [UInt8], RecordBatchError)] = [
        ("magic 1", BatchBytes.changed(Layout.magic, [1]), .unsupportedMagic(1)),
        ("length 48", BatchBytes.changed(Layout.batchLength, [0, 0, 0, 48]), .invalidLength(48)),
        ("length −1", BatchBytes.changed(Layout.batchLength, [255, 255, 255, 255]), .invalidLength(-1)),
        (
            "a byte too long", BatchBytes.changed(Layout.batchLength, [0, 0, 0, 0x44]),
            .truncated(needed: 80, available: 79)
        ),
        ("a byte too short", BatchBytes.changed(Layout.batchLength, [0, 0, 0, 0x42]), .trailingBytes(1)),
        (
            "other bytes", BatchBytes.changed(78, [1], sealed: false),
            .checksumMismatch(stored: 0xddd6_267b, computed: CRC32C.checksum(changedTail.span.bytes))
        ),
        ("codec 5", BatchBytes.changed(Layout.attributes, [0, 5]), .unknownCodec(5)),
        ("no records", BatchBytes.with(records: [], count: 0), .invalidCount(0)),
        ("−1 records", BatchBytes.changed(Layout.recordsCount, [255, 255, 255, 255]), .invalidCount(-1)),
        (
            "a last offset beyond the records", BatchBytes.changed(Layout.lastOffsetDelta, [0, 0, 0, 9]),
            .invalidLastOffsetDelta(9, count: 2)
        ),
        (
            "more records than bytes", BatchBytes.with(records: [0x10, 0, 0, 0, 2, 97, 2, 118, 0], count: .max),
            .invalidCount(.max)
        ),
        (
            "fewer records than bytes",
            BatchBytes.with(records: Array(BatchBytes.plain.dropFirst(Layout.headerSize)), count: 1),
            .trailingBytes(9)
        ),
        (
            "a first offset other than 0", BatchBytes.changed(61 + 3, [2]), .invalidOffsetDelta(1, index: 0)
        ),
        (
            "not gzip", BatchBytes.changed(Layout.attributes, [0, 1]),
            .compression(.malformed(.gzip, reason: "incorrect header check"))
        ),
    ]

    private static var changedTail: [UInt8] {
        var batch = BatchBytes.plain
        batch[78] = 1
        return Array(batch[Layout.attributes...])
    }

    @Test(arguments: faults.map { (name: $0.0, bytes: $0.1, error: $0.2) })
    func eachFaultHasItsError(fault: (name: String, bytes: [UInt8], error: RecordBatchError)) {
        #expect(throws: fault.error, "\(fault.name)") { try BatchBytes.validate(fault.bytes) }
    }

    /// Records (without their length) that are wrong, and where.
    private static let malformedRecords: [(fields: [UInt8], error: WireError)] = [
        ([0, 0, 0, 3, 1, 0, 0], WireError(.invalidLength(-2), at: 5)),
        ([0, 0, 0, 1, 0x7e, 0, 0], WireError(.truncated(needed: 63, available: 2), at: 6)),
        ([0, 0, 0, 1, 1, 1, 0], WireError(.invalidLength(-1), at: 6)),
        ([0, 0, 0, 1, 1, 0x7e, 0], WireError(.invalidLength(63), at: 6)),
        ([0, 0, 0, 1, 1, 2, 1, 1], WireError(.invalidLength(-1), at: 8)),
        ([0, 0, 0, 1, 1, 0, 0], WireError(.trailingBytes(1), at: 7)),
        ([0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0], WireError(.varintTooLong, at: 2)),
        ([0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0], WireError(.varintTooLong, at: 3)),
    ]

    @Test(arguments: malformedRecords)
    func aRecordThatIsWrongSaysWhere(fields: [UInt8], error: WireError) {
        let batch = BatchBytes.with(records: [UInt8(fields.count * 2)] + fields, count: 1)
        #expect(throws: RecordBatchError.malformedRecord(index: 0, error)) { try BatchBytes.validate(batch) }
    }

    @Test func aRecordOfNegativeLengthIsRefused() {
        let batch = BatchBytes.changed(61 + 9, [1])
        #expect(throws: RecordBatchError.malformedRecord(index: 1, WireError(.invalidLength(-1), at: 10))) {
            try BatchBytes.validate(batch)
        }
    }

    @Test func aBatchThatDecompressesBeyondTheLimitIsRefused() throws {
        var compressor = try Compressor(.zstd)
        let bomb = try compressor.array([UInt8](repeating: 0, count: 8 << 20))
        let batch = BatchBytes.with(records: bomb, count: 1, attributes: .init(compression: .zstd))
        #expect(throws: RecordBatchError.compression(.limitExceeded(.zstd, limit: 1 << 20))) {
            try BatchBytes.validate(batch, limit: 1 << 20)
        }
    }

    @Test func afterAFaultARegionGivesNothingMore() throws {
        let region = BatchBytes.plain + BatchBytes.changed(Layout.magic, [0]) + BatchBytes.plain
        var batches = RecordBatches(region.span.bytes)
        #expect(try batches.next()?.recordsCount == 2)
        #expect(throws: RecordBatchError.unsupportedMagic(0)) { _ = try batches.next()?.recordsCount }
        #expect(try batches.next()?.recordsCount == nil)
    }
}

import KafkaWire
import Testing

@Suite struct RecordBatchTests {
    private let plainRecords = [
        Record(offset: 0, timestamp: 1, key: [97], value: [118]),
        Record(offset: 1, timestamp: 2, key: [98], value: [118]),
    ]

    @Test func aBatchIsReadFieldByField() throws {
        let bytes = BatchBytes.idempotent
        let batch = try RecordBatch(bytes.span.bytes)
        #expect(batch.baseOffset == 1_234_567)
        #expect(batch.batchLength == 0x43)
        #expect(batch.partitionLeaderEpoch == -1)
        #expect(batch.magic == 2)
        #expect(batch.checksum == 0x1642_b48e)
        #expect(batch.computedChecksum == 0x1642_b48e)
        #expect(batch.attributes == RecordBatchAttributes())
        #expect(batch.lastOffsetDelta == 1)
        #expect(batch.lastOffset == 1_234_568)
        #expect(batch.baseTimestamp == 1)
        #expect(batch.maxTimestamp == 2)
        #expect(batch.producerId == 23_423)
        #expect(batch.producerEpoch == 145)
        #expect(batch.baseSequence == 983)
        #expect(batch.recordsCount == 2)
        #expect(try BatchBytes.records(bytes).map(\.offset) == [1_234_567, 1_234_568])
    }

    @Test func recordsAreReadInPlace() throws {
        let bytes = BatchBytes.plain
        var decompressor = Decompressor()
        var reader = try RecordBatch(bytes.span.bytes).reader(using: &decompressor)
        #expect(reader.count == 2)
        var read: [Record] = []
        while let record = try reader.next() {
            #expect(Int(record.offsetDelta) == read.count)
            #expect(record.key?.byteCount == 1)
            read.append(Record(record))
        }
        #expect(read == plainRecords)
        #expect(try reader.next() == nil)
    }

    @Test func attributesPackAndUnpack() {
        for compression in Compression.allCases {
            for bits in 0..<8 {
                let attributes = RecordBatchAttributes(
                    compression: compression, timestampType: bits & 1 == 0 ? .createTime : .logAppendTime,
                    isTransactional: bits & 2 != 0, isControl: bits & 4 != 0)
                #expect(attributes.rawValue == Int16(compression.rawValue) | Int16(bits) << 3)
                #expect(attributes.compression == compression)
                #expect((attributes.timestampType == .logAppendTime) == (bits & 1 != 0))
                #expect(attributes.isTransactional == (bits & 2 != 0))
                #expect(attributes.isControl == (bits & 4 != 0))
            }
        }
        #expect(RecordBatchAttributes(rawValue: -1).compression == nil)
        #expect(RecordBatchAttributes(rawValue: -1).codec == 7)
    }

    @Test func withLogAppendTimeAllRecordsHaveTheTimeOfTheAppend() throws {
        let records = Array(BatchBytes.plain.dropFirst(RecordBatchLayout.headerSize))
        let batch = BatchBytes.with(
            records: records, count: 2, attributes: RecordBatchAttributes(timestampType: .logAppendTime))
        #expect(try BatchBytes.records(batch).map(\.timestamp) == [2, 2])
    }

    @Test func offsetsMayHaveGapsAfterCompaction() throws {
        // Offset delta 5 in the second record: readers take it, a broker's check does not.
        let batch = BatchBytes.changed(61 + 9 + 3, [0x0a])
        #expect(try BatchBytes.records(batch).map(\.offset) == [0, 5])
        #expect(throws: RecordBatchError.invalidOffsetDelta(5, index: 1)) { try BatchBytes.validate(batch) }
    }

    @Test func aRegionMayEndInsideABatch() throws {
        let region = BatchBytes.plain + BatchBytes.plain
        for count in 0...region.count {
            let part = Array(region[..<count])
            var batches = RecordBatches(part.span.bytes)
            var whole = 0
            while let batch = try batches.next() {
                #expect(batch.recordsCount == 2)
                whole += 1
            }
            #expect(whole == count / BatchBytes.plain.count)
            #expect(batches.remaining == count % BatchBytes.plain.count)
        }
    }

    @Test func namesThatAreNotUTF8AreRepaired() throws {
        // Attributes, deltas, null key and value, then a header whose name is the byte ff and whose value is null.
        let fields: [UInt8] = [0, 0, 0, 1, 1, 2, 2, 0xff, 1]
        let batch = BatchBytes.with(records: [UInt8(fields.count * 2)] + fields, count: 1)
        #expect(try BatchBytes.records(batch).first?.headers == [RecordHeader(name: "\u{fffd}", value: nil)])
    }
}

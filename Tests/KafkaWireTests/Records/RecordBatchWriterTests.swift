import KafkaWire
import Testing

@Suite struct RecordBatchWriterTests {
    @Test(arguments: BatchVector.all.filter { $0.codec == "none" })
    func bytesAreThoseThatKafkaWrote(vector: BatchVector) throws {
        // Offsets and leader epochs are the broker's to give: a producer writes 0.
        var expected = vector.bytes
        expected.replaceSubrange(0..<8, with: [UInt8](repeating: 0, count: 8))
        let written = Self.write(
            vector.expected, producerId: vector.producerId, epoch: vector.producerEpoch, sequence: vector.baseSequence,
            isTransactional: vector.transactional)
        #expect(written == expected)
    }

    @Test func twoSmallRecordsAreTheKnownBytes() {
        let records = ["a", "b"].enumerated().map { index, key in
            Record(offset: 0, timestamp: Int64(index + 1), key: Array(key.utf8), value: Array("v".utf8))
        }
        #expect(Self.write(records) == BatchBytes.plain)
        var idempotent = BatchBytes.idempotent
        idempotent.replaceSubrange(0..<8, with: [UInt8](repeating: 0, count: 8))
        #expect(Self.write(records, producerId: 23423, epoch: 145, sequence: 983) == idempotent)
    }

    @Test func aRecordThatMayNotFitIsLeftOut() {
        withUnsafeTemporaryAllocation(byteCount: RecordBatchLayout.headerSize + 40, alignment: 8) { memory in
            var writer = RecordBatchWriter(memory: memory)
            let value = [UInt8](repeating: 7, count: 9)
            let none = UnsafeRawBufferPointer(start: nil, count: 0)
            let nine = value.withUnsafeBytes { writer.append(key: nil, value: $0, headers: none, timestamp: 0) }
            #expect(!nine)
            #expect(writer.count == 0)
            let eight = value.dropLast().withUnsafeBytes {
                writer.append(key: nil, value: $0, headers: none, timestamp: 0)
            }
            #expect(eight)
            #expect(writer.count == 1)
        }
    }

    @Test(arguments: [0, 1, 100]) func aBatchOfItsOwnBoundHoldsTheRecord(size: Int) {
        let bound = RecordBatchWriter.batchUpperBound(keyCount: 0, valueCount: size, headersCount: 0)
        withUnsafeTemporaryAllocation(byteCount: bound, alignment: 8) { memory in
            var writer = RecordBatchWriter(memory: memory)
            let none = UnsafeRawBufferPointer(start: nil, count: 0)
            let fits = [UInt8](repeating: 7, count: size).withUnsafeBytes {
                writer.append(key: nil, value: $0, headers: none, timestamp: 0)
            }
            #expect(fits)
        }
    }

    @Test func theBoundHoldsForTheLargestDeltas() {
        withUnsafeTemporaryAllocation(byteCount: 1000, alignment: 8) { memory in
            var writer = RecordBatchWriter(memory: memory)
            let none = UnsafeRawBufferPointer(start: nil, count: 0)
            for timestamp in [Int64.min, .max, 0] {
                let before = writer.position
                let fits = writer.append(key: nil, value: nil, headers: none, timestamp: timestamp)
                #expect(fits)
                let bound = RecordBatchWriter.upperBound(keyCount: 0, valueCount: 0, headersCount: 1)
                #expect(writer.position - before <= bound)
            }
            var timestamps: [Int64] = []
            for record in writer.writtenRecords {
                timestamps.append(record.timestamp)
                #expect(record.keySize == -1 && record.valueSize == -1)
                #expect(record.key == nil && record.value == nil && record.headers.elementsEqual([0]))
            }
            #expect(timestamps == [.min, .max, 0])
        }
    }

    private static func write(
        _ records: [Record], producerId: Int64 = -1, epoch: Int16 = -1, sequence: Int32 = -1,
        isTransactional: Bool = false
    ) -> [UInt8] {
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 8) { memory in
            var writer = RecordBatchWriter(memory: memory)
            for record in records {
                let headers = record.headers.isEmpty ? [] : RecordHeader.encode(record.headers)
                let wasAppended = headers.withUnsafeBytes { headers in
                    (record.key ?? []).withUnsafeBytes { key in
                        (record.value ?? []).withUnsafeBytes { value in
                            writer.append(
                                key: record.key == nil ? nil : key, value: record.value == nil ? nil : value,
                                headers: headers, timestamp: record.timestamp)
                        }
                    }
                }
                #expect(wasAppended)
            }
            let batch = UnsafeMutableRawBufferPointer(rebasing: memory[..<writer.position])
            guard let start = batch.baseAddress else { return [] }
            writer.writeHeader(
                to: start, count: batch.count, codec: 0, isTransactional: isTransactional, producerId: producerId,
                producerEpoch: epoch, baseSequence: sequence)
            RecordBatchWriter.seal(batch)
            return Array(batch)
        }
    }
}

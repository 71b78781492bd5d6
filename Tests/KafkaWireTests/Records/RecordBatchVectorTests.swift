import KafkaWire
import Testing

@Suite struct RecordBatchVectorTests {
    @Test func allElevenAreThere() {
        #expect(BatchVector.all.count == 11)
        #expect(Set(BatchVector.all.map(\.codec)) == Set(Compression.allCases.map(\.name)))
    }

    @Test(arguments: BatchVector.all) func recordsAreThoseThatKafkaWrote(vector: BatchVector) throws {
        #expect(try BatchBytes.records(vector.bytes) == vector.expected)
    }

    @Test(arguments: BatchVector.all) func headersAreThoseThatKafkaWrote(vector: BatchVector) throws {
        let bytes = vector.bytes
        let batch = try RecordBatch(bytes.span.bytes)
        #expect(batch.attributes.compression?.name == vector.codec)
        #expect(batch.attributes.isTransactional == vector.transactional)
        #expect(!batch.attributes.isControl)
        #expect(batch.attributes.timestampType == .createTime)
        #expect(batch.baseOffset == vector.baseOffset)
        #expect(batch.partitionLeaderEpoch == -1)
        #expect(batch.producerId == vector.producerId)
        #expect(batch.producerEpoch == vector.producerEpoch)
        #expect(batch.baseSequence == vector.baseSequence)
        #expect(Int(batch.recordsCount) == vector.records.count)
        #expect(batch.baseTimestamp == vector.records.first?.timestamp)
        #expect(batch.maxTimestamp == vector.records.map(\.timestamp).max())
        #expect(batch.lastOffset == vector.expected.last?.offset)
        #expect(batch.checksum == batch.computedChecksum)
    }

    @Test(arguments: BatchVector.all) func theyAreValid(vector: BatchVector) throws {
        try BatchBytes.validate(vector.bytes)
    }

    @Test func allInOneRegionAreReadInTurn() throws {
        let region = BatchVector.all.flatMap(\.bytes)
        #expect(try BatchBytes.records(region) == BatchVector.all.flatMap(\.expected))
    }
}

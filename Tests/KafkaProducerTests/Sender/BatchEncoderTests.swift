import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct BatchEncoderTests {
    let partition = TestPartition()

    @Test(arguments: Compression.allCases) func whatIsEncodedCanBeRead(codec: Compression) throws {
        let batch = try batch()
        try encode(batch, codec)
        let wire = try #require(batch.wire)
        var decompressor = Decompressor()
        let read = try RecordBatch(UnsafeRawBufferPointer(wire.bytes).bytes)
        try read.validate(using: &decompressor)
        let records = try read.records(using: &decompressor)
        #expect(read.attributes.compression == codec)
        #expect(records.map(\.key) == [Array("k".utf8), nil])
        #expect(records.map(\.value) == [nil, Array("v".utf8)])
        #expect(records[0].headers == [RecordHeader(name: "trace", value: Array("1".utf8))])
    }

    @Test func aRepeatedBatchGetsANewHeaderOverTheSameRecords() throws {
        let batch = try batch()
        batch.identity = ProducerIdentity(id: 9, epoch: 0)
        batch.baseSequence = 17
        try encode(batch, .zstd)
        let former = try #require(batch.wire)
        batch.identity = ProducerIdentity(id: 9, epoch: 1)
        batch.baseSequence = 0
        try encode(batch, .zstd)
        let wire = try #require(batch.wire)
        #expect(wire.chunk.memory.baseAddress == former.chunk.memory.baseAddress)
        let read = try RecordBatch(UnsafeRawBufferPointer(wire.bytes).bytes)
        #expect(read.producerEpoch == 1 && read.baseSequence == 0 && read.producerId == 9)
        try read.validateChecksum()
    }

    @Test("3.23 Bytes that a socket may read are left as they are when a batch is repeated")
    func bytesThatASocketMayReadAreLeftAsTheyAre() throws {
        let batch = try batch()
        batch.identity = ProducerIdentity(id: 9, epoch: 0)
        batch.baseSequence = 17
        try encode(batch, .none)
        let former = try #require(batch.wire)
        let before = Array(former.bytes)
        batch.writesUnderWay = 1
        batch.baseSequence = 0
        try encode(batch, .none)
        let wire = try #require(batch.wire)
        #expect(Array(former.bytes) == before)
        #expect(wire.chunk.memory.baseAddress != former.chunk.memory.baseAddress)
        #expect(try RecordBatch(UnsafeRawBufferPointer(wire.bytes).bytes).baseSequence == 0)
    }

    @Test func withoutAnIdentityTheHeaderHasNone() throws {
        let batch = try batch()
        try encode(batch, .none)
        let read = try RecordBatch(UnsafeRawBufferPointer(#require(batch.wire).bytes).bytes)
        #expect(read.producerId == -1 && read.producerEpoch == -1 && read.baseSequence == -1)
    }

    private func batch() throws -> Batch {
        partition.append(key: "k", value: nil, headers: ["trace": "1"])
        partition.append(key: nil, value: "v")
        return try #require(partition.queue.take(sealing: true))
    }

    private func encode(_ batch: Batch, _ codec: Compression) throws {
        var settings = CompressionSettings()
        settings.type = codec
        var encoder = try BatchEncoder(settings)
        try encoder.encode(batch)
    }
}

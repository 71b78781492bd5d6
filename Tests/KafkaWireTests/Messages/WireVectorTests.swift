import KafkaWire
import Testing

/// Every message and version as Apache Kafka itself writes it.
@Suite struct WireVectorTests {
    @Test func everyLineHasACodec() {
        let covered = WireVector.all.filter { MessageCodec.all[$0.message] != nil }
        #expect(WireVector.all.count == 208)
        #expect(covered.count == 208)
    }

    @Test(arguments: WireVector.all)
    func decodesWhatKafkaWrote(_ vector: WireVector) throws {
        let codec = try #require(MessageCodec.all[vector.message])
        #expect(codec.isFlexible(vector.version) == vector.isFlexible)
        let value = try codec.decode(vector.bytes, vector.version)
        #expect(FieldComparison(value, vector.fields, body: vector.bytes).differences == [])
    }

    @Test(arguments: WireVector.all)
    func encodesTheSameBytes(_ vector: WireVector) throws {
        let codec = try #require(MessageCodec.all[vector.message])
        let value = try codec.decode(vector.bytes, vector.version)
        let writer = try codec.encode(value, version: vector.version)
        #expect(writer.totalCount == vector.bytes.count)
        #expect(writer.filled { _ in FieldComparison.batch } == vector.bytes)
    }

    @Test func theComparisonFindsWhatIsWrongOnEitherSide() throws {
        let message = SaslAuthenticateResponse { $0.errorMessage = "no" }
        func differences(_ text: String) throws -> [String] {
            try FieldComparison(message, JSON(parsing: text), body: []).differences
        }
        #expect(try differences(#"{"errorMessage":"no","errorCode":0,"authBytes":""}"#) == [])
        #expect(try differences(#"{"errorMessage":"yes"}"#).count == 1)
        #expect(try differences(#"{"errorCode":0}"#).count == 1)
        #expect(try differences(#"{"errorMessage":"no","another":0}"#) == [".another was not decoded"])
    }

    /// These versions brought new meanings or a new response, but no new field; no line of the file has them.
    @Test(arguments: [("MetadataRequest", 13), ("TxnOffsetCommitRequest", 5), ("TxnOffsetCommitResponse", 5)])
    func aVersionWithoutNewFieldsHasTheBytesOfTheLast(message: String, version: Int16) throws {
        let codec = try #require(MessageCodec.all[message])
        let last = try #require(WireVector.all.first { $0.message == message && $0.version == version - 1 })
        let value = try codec.decode(last.bytes, version)
        #expect(FieldComparison(value, last.fields, body: last.bytes).differences == [])
        #expect(try codec.encode(value, version: version).bytes == last.bytes)
    }
}

extension WireWriter {
    /// The whole body, with `records` of as many bytes as asked for in each gap.
    func filled(records: (_ count: Int) -> [UInt8]) -> [UInt8] {
        var whole: [UInt8] = []
        var start = 0
        for gap in gaps {
            whole += bytes[start..<gap.offset] + records(gap.count)
            start = gap.offset
        }
        return whole + bytes[start...]
    }
}

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

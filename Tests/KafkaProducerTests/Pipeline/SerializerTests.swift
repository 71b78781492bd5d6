import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct SerializerTests {
    @Test("7.1 Numbers are big-endian")
    func numbersAreBigEndian() throws {
        #expect(try bytes(Int16(-2), .int16) == [0xff, 0xfe])
        #expect(try bytes(Int32(0x0102_0304), .int32) == [1, 2, 3, 4])
        #expect(try bytes(Int64(1), .int64) == [0, 0, 0, 0, 0, 0, 0, 1])
        #expect(try bytes(Float(1), .float) == [0x3f, 0x80, 0, 0])
        #expect(try bytes(1.0, .double) == [0x3f, 0xf0, 0, 0, 0, 0, 0, 0])
    }

    @Test func numbersKeepTheirSignsAndExtremes() throws {
        #expect(try bytes(Int16.min, .int16) == [0x80, 0])
        #expect(try bytes(Int32(-1), .int32) == [0xff, 0xff, 0xff, 0xff])
        #expect(try bytes(Int64.min, .int64) == [0x80, 0, 0, 0, 0, 0, 0, 0])
        #expect(try bytes(-Float.infinity, .float) == [0xff, 0x80, 0, 0])
        #expect(try bytes(-0.0, .double) == [0x80, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test("7.2 Truth is one byte")
    func truthIsOneByte() throws {
        #expect(try bytes(true, .bool) == [1])
        #expect(try bytes(false, .bool) == [0])
    }

    @Test("7.2 A UUID is its text")
    func aUUIDIsItsText() throws {
        let id = KafkaUUID(high: 0x123e_4567_e89b_12d3, low: 0xa456_4266_1417_4000)
        #expect(try bytes(id, .uuid) == Array("123e4567-e89b-12d3-a456-426614174000".utf8))
    }

    @Test("7.2 void is null")
    func voidIsForRecordsWithoutAKeyOrAValue() throws {
        let broker = try Broker()
        let producer = try Producer<Never, String>(broker.configuration())
        try producer.send(ProducerRecord(topic: "t", partition: 0, value: "v")).get()
        try producer.close()
        let record = try #require(try broker.records("t").first)
        #expect(record.key == nil)
        #expect(record.value == Array("v".utf8))
    }

    @Test func aSerializerThatTheConfigurationContradictsIsRefused() throws {
        var configuration = try ProducerConfiguration(bootstrapServers: "127.0.0.1:1")
        try configuration.set("value.serializer", "org.apache.kafka.common.serialization.LongSerializer")
        let error = #expect(throws: KafkaError.self) { try Producer<String, String>(configuration) }
        #expect(error?.kind == .configuration)
        #expect(error?.message.hasPrefix("value.serializer=int64: the producer's type is String") == true)
        try Producer<String, Int64>(configuration).close(timeout: .zero)
        try Producer(configuration, keySerializer: .string, valueSerializer: .string).close(timeout: .zero)
    }

    @Test func interceptorsThatNobodyLoadsAreRefused() throws {
        var configuration = try ProducerConfiguration(bootstrapServers: "127.0.0.1:1")
        configuration.interceptorClasses = ["com.acme.Masking"]
        let error = #expect(throws: KafkaError.self) { try Producer<String, String>(configuration) }
        #expect(error?.message.hasPrefix("interceptor.classes=com.acme.Masking: ") == true)
    }

    @Test("7.1 Text is UTF-8, and bytes are themselves")
    func textIsUTF8AndBytesAreThemselves() throws {
        #expect(try bytes("你好", .string) == [0xe4, 0xbd, 0xa0, 0xe5, 0xa5, 0xbd])
        #expect(try bytes("", .string) == [])
        #expect(try bytes([1, 2], .bytes) == [1, 2])
    }

    @Test func aSerializerMayAddHeaders() throws {
        let broker = try Broker()
        let tagging = Serializer<String>(name: "tagging") { value, topic, headers in
            headers.add("topic", topic)
            return Array(value.utf8)
        }
        let producer = try Producer(broker.configuration(), keySerializer: tagging, valueSerializer: tagging)
        try producer.send(ProducerRecord(topic: "t", partition: 0, key: "k", value: "v", headers: ["own": "1"])).get()
        try producer.close()
        #expect(try broker.records("t").first?.headers.map(\.name) == ["own", "topic", "topic"])
    }

    @Test func aSerializerThatGivesNothingIsAnError() async throws {
        let broker = try Broker()
        let silent = Serializer<String>(name: "silent", lending: { _, _, _, _ in })
        let producer = try Producer(broker.configuration(), keySerializer: .string, valueSerializer: silent)
        let record = ProducerRecord<String, String>(topic: "t", value: "v")
        #expect(throws: KafkaError.noBytes(topic: "t")) { try producer.send(record, onCompletion: nil) }
        await #expect(throws: KafkaError.noBytes(topic: "t")) { try await producer.send(record) }
        await producer.close()
    }

    private func bytes<Value>(_ value: Value, _ serializer: Serializer<Value>) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try serializer.lend(value, "t", Headers()) { span, _ in
            if let span { bytes = span.withUnsafeBytes { Array($0) } }
        }
        return bytes
    }
}

import Testing

@testable import KafkaProducer

@Suite struct NamedSerializerTests {
    private static let java = "org.apache.kafka.common.serialization."

    @Test(arguments: NamedSerializer.names)
    func eachNameIsReadBack(name: String) throws {
        #expect(try NamedSerializer(name).name == name)
    }

    @Test(arguments: [
        ("StringSerializer", NamedSerializer.string), ("ByteArraySerializer", .bytes), ("BytesSerializer", .bytes),
        ("ByteBufferSerializer", .bytes), ("ShortSerializer", .int16), ("IntegerSerializer", .int32),
        ("LongSerializer", .int64), ("FloatSerializer", .float), ("DoubleSerializer", .double),
        ("BooleanSerializer", .bool), ("UUIDSerializer", .uuid), ("VoidSerializer", .void),
    ])
    func javasClassesAreKnown(name: String, serializer: NamedSerializer) throws {
        #expect(try NamedSerializer(Self.java + name) == serializer)
    }

    @Test func listsNameTheirItems() throws {
        #expect(try NamedSerializer("list<int64>") == .list(.int64))
        #expect(try NamedSerializer(" list< list<\(Self.java)LongSerializer> > ") == .list(.list(.int64)))
    }

    @Test(arguments: [
        ("", "must be one of string, bytes"), ("int8", "must be one of"), ("STRING", "must be one of"),
        ("list<int8>", "must be one of"), ("list<", "must be one of"), ("list", "list<int64>"),
        ("org.apache.kafka.common.serialization.ListSerializer", "list<int64>"), ("avro", "schema registry"),
        ("io.confluent.kafka.serializers.KafkaAvroSerializer", "schema registry"),
    ])
    func whatIsNoSerializerIsRefusedWithAWayOut(name: String, reason: String) {
        let error = #expect(throws: KafkaError.self) { try NamedSerializer(name) }
        #expect(error?.kind == .configuration)
        #expect(error?.message.contains(reason) == true)
    }

    @Test func endlessListsAreRefused() {
        let name = String(repeating: "list<", count: 100_000) + "string" + String(repeating: ">", count: 100_000)
        #expect(throws: KafkaError.self) { try NamedSerializer(name) }
    }

    /// The names that hosts choose by decide a list's form as the serializers themselves do.
    @Test func namesAndSerializersAgree() {
        #expect(NamedSerializer.int16.hasConstantSize == Serializer.int16.hasConstantSize)
        #expect(NamedSerializer.int32.hasConstantSize == Serializer.int32.hasConstantSize)
        #expect(NamedSerializer.int64.hasConstantSize == Serializer.int64.hasConstantSize)
        #expect(NamedSerializer.float.hasConstantSize == Serializer.float.hasConstantSize)
        #expect(NamedSerializer.double.hasConstantSize == Serializer.double.hasConstantSize)
        #expect(NamedSerializer.uuid.hasConstantSize == Serializer.uuid.hasConstantSize)
        #expect(NamedSerializer.bool.hasConstantSize == Serializer.bool.hasConstantSize)
        #expect(NamedSerializer.string.hasConstantSize == Serializer.string.hasConstantSize)
        #expect(NamedSerializer.bytes.hasConstantSize == Serializer.bytes.hasConstantSize)
    }
}

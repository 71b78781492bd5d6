import KafkaProducer
import LuaRuntime
import Testing

@Suite struct SerializerTests {
    static let values: [(serializer: String, value: String, bytes: [UInt8])] = [
        ("int16", "-2", [0xff, 0xfe]), ("int32", "1 << 24", [1, 0, 0, 0]), ("int64", "7.0", [0, 0, 0, 0, 0, 0, 0, 7]),
        ("float", "1", [0x3f, 0x80, 0, 0]), ("double", "-0.0", [0x80, 0, 0, 0, 0, 0, 0, 0]), ("bool", "true", [1]),
        ("uuid", "'123E4567-e89b-12d3-a456-426614174000'", Array("123e4567-e89b-12d3-a456-426614174000".utf8)),
        ("string", "'h\\0i'", [0x68, 0, 0x69]), ("json", "{1, 2}", Array("[1,2]".utf8)),
        ("list<int16>", "{1, kafka.null}", [0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1]),
        ("list<json>", "{{}, 'x'}", [1, 0, 0, 0, 2, 0, 0, 0, 2, 0x7b, 0x7d, 0, 0, 0, 3, 0x22, 0x78, 0x22]),
        ("list<list<bool>>", "{{false}}", [1, 0, 0, 0, 1, 0, 0, 0, 10, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0]),
        ("org.apache.kafka.common.serialization.LongSerializer", "1", [0, 0, 0, 0, 0, 0, 0, 1]),
    ]

    @Test func valuesAreSerializedByName() async throws {
        let broker = try await TestBroker(partitions: 1)
        for (index, item) in Self.values.enumerated() {
            let transcript = try await ScriptRunner(broker).run(
                """
                local p = kafka.producer{ ["key.serializer"] = "int32", value_serializer = "\(item.serializer)" }
                p:send("t", \(index), \(item.value))
                p:send{ topic = "t", key = \(index), value = \(item.value) }
                p:send("t", nil, kafka.null)
                p:close()
                """)
            #expect(transcript.error == nil, "\(item.serializer)")
        }
        let records = try await broker.records(of: "t")
        let bytes = Self.values.map(\.bytes)
        #expect(records.map(\.value) == bytes.flatMap { [$0, $0, nil] })
        #expect(records.compactMap(\.key).map(\.count) == Array(repeating: 4, count: 2 * bytes.count))
    }

    @Test(arguments: [
        ("int16", "32768", "32768 does not fit an int16"), ("int64", "1.5", "number has no integer representation"),
        ("int64", "'7'", "integer expected, got string"), ("float", "1e300", "does not fit a float"),
        ("double", "{}", "number expected, got table"), ("bool", "1", "boolean expected, got number"),
        ("uuid", "'1-2-3-4-5'", "a UUID looks like"), ("void", "'x'", "void takes nothing but kafka.null"),
        ("list<int16>", "5", "table expected, got number"), ("list<int16>", "{1, 'x'}", "integer expected, got string"),
        ("list<int16>", "{a = 1}", "list expected"),
    ])
    func aValueThatDoesNotFitNamesItsArgument(serializer: String, value: String, message: String) async throws {
        let transcript = try await ScriptRunner().run(
            """
            local p = kafka.producer{ value_serializer = "\(serializer)" }
            p:send("t", "k", \(value))
            """)
        let error = try #require(transcript.error)
        #expect(error.line == 2)
        #expect(error.message.contains("bad argument #3 to 'send'"))
        #expect(error.message.contains(message), "\(error.message)")
    }
}

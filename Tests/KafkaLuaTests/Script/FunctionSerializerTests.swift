import KafkaProducer
import LuaRuntime
import Testing

/// Serializers and deserializers that are functions of the script.
@Suite struct FunctionSerializerTests {
    private func send(_ settings: String, _ script: String) async throws -> (ScriptTranscript, [ConsumedRecord]) {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run("local p = kafka.producer{\(settings)}\n\(script)")
        return (transcript, try await broker.records(of: "t"))
    }

    @Test func aFunctionSeesValueTopicAndHeaders() async throws {
        let (transcript, records) = try await send(
            """
            key_serializer = function(key, topic) return topic .. ":" .. key end,
            value_serializer = function(value, topic, headers)
              return string.pack(">I2", value.n) .. (headers and headers.kind or "-")
            end
            """,
            """
            p:send("t", 7, { n = 1 })
            p:send{ topic = "t", key = 2.5, value = { n = 2 }, headers = { kind = "x" } }
            p:send("t", nil, kafka.null)
            """)
        #expect(transcript.error == nil)
        #expect(records.map(\.keyText) == ["t:7", "t:2.5", nil])
        #expect(records.map(\.value) == [[0, 1, 0x2d], [0, 2, 0x78], nil])
    }

    @Test func aFunctionMayMakeATombstone() async throws {
        let (transcript, records) = try await send(
            "value_serializer = function(row) return row.deleted and kafka.null or kafka.json.encode(row) end",
            """
            p:send("t", "a", { id = 1 })
            p:send("t", "a", { deleted = true })
            """)
        #expect(transcript.error == nil)
        #expect(records.map(\.valueText) == [#"{"id":1}"#, nil])
    }

    @Test(arguments: [
        ("function() end", "a serializer must return a string or kafka.null, got no value"),
        ("function() return 5 end", "a serializer must return a string or kafka.null, got number"),
        ("function(v) error('cannot') end", "test.lua:1: cannot"),
        ("function(v) return p.x end", "attempt to index a nil value (global 'p')"),
    ])
    func aFunctionThatFailsFailsTheCall(function: String, message: String) async throws {
        let transcript = try await ScriptRunner().run(
            "local p = kafka.producer{ value_serializer = \(function) } p:send('t', 'k', 'v')")
        #expect(transcript.error?.description.contains(message) == true, "\(transcript.error as Any)")
        #expect(transcript.deliveries.isEmpty)
    }

    static let values: [(serializer: String, value: String)] = [
        ("int16", "-2"), ("int32", "1 << 24"), ("int64", "math.mininteger"), ("float", "0.5"), ("double", "-1e300"),
        ("bool", "false"), ("uuid", "'123e4567-e89b-12d3-a456-426614174000'"), ("string", "'h\\0i'"), ("bytes", "''"),
        ("json", "{ 1, 2.0, { a = kafka.null } }"), ("list<int16>", "{ 1, kafka.null, 3 }"),
        ("list<json>", "{ {}, 'x' }"),
        ("list<string>", "{ '', kafka.null }"), ("list<list<bool>>", "{ { false }, {} }"), ("list<uuid>", "{}"),
    ]

    @Test(arguments: values) func whatIsSerializedIsReadAgain(serializer: String, value: String) async throws {
        let transcript = try await ScriptRunner().run(
            """
            local before = \(value)
            local bytes = kafka.serialize("\(serializer)", before)
            local after = kafka.deserialize("\(serializer)", bytes)
            assert(math.type(after) == math.type(before) and kafka.serialize("\(serializer)", after) == bytes)
            assert(kafka.json.encode{ x = after } == kafka.json.encode{ x = before })
            -- No other bytes are taken for it, and none trap.
            for cut = 0, #bytes - 1 do pcall(kafka.deserialize, "\(serializer)", bytes:sub(1, cut)) end
            for place = 1, #bytes do
              for _, byte in ipairs{ "\\0", "\\x7f", "\\xff" } do
                pcall(kafka.deserialize, "\(serializer)", bytes:sub(1, place - 1) .. byte .. bytes:sub(place + 1))
              end
            end
            """)
        #expect(transcript.error == nil)
    }

    @Test(arguments: [
        ("kafka.deserialize('int16', 'x')", "1 bytes are not those of the serializer int16"),
        ("kafka.deserialize('bool', '\\2')", "1 bytes are not those of the serializer bool"),
        ("kafka.deserialize('list<int64>', '\\0\\xff\\xff\\xff\\xff')", "are not those of the serializer list<int64>"),
        ("kafka.deserialize('json', '{')", "json: "), ("kafka.deserialize('avro', '')", "needs a schema registry"),
        ("kafka.serialize('int16', 'x')", "bad argument #2 to 'serialize' (integer expected, got string)"),
        ("kafka.serialize('nothing', 1)", "bad argument #1 to 'serialize' (serializer 'nothing': must be one of"),
    ])
    func misuseNamesItsArgument(_ misuse: (source: String, message: String)) async throws {
        let error = try #require(try await ScriptRunner().run(misuse.source).error)
        #expect(error.message.contains(misuse.message), "\(error.message)")
    }

    @Test func tailReadsValues() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local p = kafka.producer{ key_serializer = "int64", value_serializer = "json" }
            p:send("t", 7, { id = 1 })
            p:send("t", nil, kafka.null)
            p:send("t", 8, { 1, 2 })
            p:flush()
            send("t", "odd", "{")
            flush()
            local records = tail("t", nil, { key_deserializer = "int64", value_deserializer = "json" })
            assert(#records == 4 and records[1].key == 7 and records[1].value.id == 1)
            assert(records[2].key == nil and records[2].value == kafka.null and records[3].value[2] == 2)
            assert(records[4].key == "odd" and records[4].value == "{")
            assert(records[4].key_error:find("int64") and records[4].value_error:find("json: "))
            local lengths = tail("t", 1, { value_deserializer = function(bytes, topic) return topic .. #bytes end })
            return lengths[1].value, lengths[1].key
            """)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["t1", "odd"])
    }

    @Test func otherTypesAreToldToTakeASerializer() async throws {
        for (source, name) in [("p:send('t', 5, 'v')", "key_serializer"), ("p:send('t', 'k', 5)", "value_serializer")] {
            let transcript = try await ScriptRunner().run("local p = kafka.producer{} \(source)")
            #expect(transcript.error?.message.contains("other types need a serializer, as in \(name) = 'json'") == true)
        }
    }

    @Test func aTimestampInSecondsIsWarnedOfOnce() async throws {
        let (transcript, records) = try await send(
            "",
            """
            p:send{ topic = "t", value = "1", timestamp = 100000000000 }
            p:send{ topic = "t", value = "2", timestamp = 1700000000 }
            p:send{ topic = "t", value = "3", timestamp = 1700000001 }
            """)
        #expect(
            transcript.log == [
                "timestamp 1700000000 is in the years 1970 to 1973: timestamps are milliseconds, were seconds meant?"
            ])
        #expect(records.map(\.timestamp) == [100_000_000_000, 1_700_000_000, 1_700_000_001])
    }
}

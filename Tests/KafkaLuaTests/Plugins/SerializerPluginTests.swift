import KafkaProducer
import LuaRuntime
import Testing

@Suite struct SerializerPluginTests {
    private func run(_ script: String, _ plugin: String) async throws -> (ScriptTranscript, [ConsumedRecord]) {
        let broker = try await TestBroker(partitions: 1)
        let scripts = try TemporaryScripts()
        let path = try scripts.write(plugin, to: "s.lua")
        let transcript = try await ScriptRunner(broker).run(
            "local path = ...\n\(script)", arguments: [path])
        #expect(transcript.error == nil)
        return (transcript, try await broker.records(of: "t"))
    }

    @Test func itTurnsValuesIntoBytesAndMayAddHeaders() async throws {
        let (_, records) = try await run(
            """
            local p <close> = kafka.producer{ serializer = path }
            assert(p:send("t", "k", { id = 7, tags = { "a", "b" } }))
            assert(p:send{ topic = "t", key = "k", value = 5, headers = { a = "1" } })
            assert(p:send("t", "k", kafka.null))
            assert(p:send("t", "k", false))
            """,
            """
            return { serialize = function(topic, v, headers)
              assert(topic == "t")
              if v == false then return nil end
              headers[#headers + 1] = { "type", math.type(v) or type(v) }
              if type(v) == "table" then return v.id .. ":" .. table.concat(v.tags, ",") end
              return tostring(v)
            end }
            """)
        #expect(records.map(\.valueText) == ["7:a,b", "5", nil, nil])
        let headers = records.map { $0.headers.map { "\($0.name)=\(String(decoding: $0.value ?? [], as: UTF8.self))" } }
        #expect(headers == [["type=table"], ["a=1", "type=integer"], [], []])
    }

    @Test func whatItCannotDoFailsTheRecordOrIsLeftToTheProducersOwn() async throws {
        let (transcript, records) = try await run(
            """
            local p <close> = kafka.producer{ serializer = path }
            local future, err = p:send("t", "k", "v")
            local _, wrong = p:send("t", "k", 5)
            assert(p:swap("serializer", path, { on_error = "default" }) == 2)
            assert(p:send("t", "k", "v"))
            return future, err.name, err.message, wrong.message
            """, "return { serialize = function(topic, v)\n if v == 5 then return {} end error('no') end }")
        #expect(transcript.texts.prefix(2) == ["nil", "SERIALIZATION_FAILED"])
        #expect(transcript.texts[2].contains("s.lua:2: no"))
        #expect(transcript.texts[3].contains("serialize must return a string, or nil for null, got table"))
        #expect(records.map(\.valueText) == ["v"])
    }
}

import KafkaProducer
import LuaRuntime
import Testing

@Suite struct SendTests {
    /// Runs lines in which `p` is a producer, and gives what topic `t` holds then.
    private func send(
        _ script: String, settings: String = "", partitions: Int = 1
    ) async throws -> (ScriptTranscript, [ConsumedRecord]) {
        let broker = try await TestBroker(partitions: partitions)
        let transcript = try await ScriptRunner(broker).run("local p = kafka.producer{\(settings)}\n\(script)")
        #expect(transcript.error == nil)
        return (transcript, try await broker.records(of: "t"))
    }

    @Test func everyFormSendsTheSame() async throws {
        let (_, records) = try await send(
            """
            local seen = 0
            local function count() seen = seen + 1 end
            p:send("t", "k", "v")
            p:send("t", "k", "v", count)
            p:send{ topic = "t", key = "k", value = "v" }
            p:send({ topic = "t", key = "k", value = "v" }, count)
            assert(p:flush())
            send("t", "k", "v")
            send{ topic = "t", key = "k", value = "v" }
            assert(flush())
            assert(seen == 2)
            """)
        #expect(records.map(\.line) == Array(repeating: "0:k=v", count: 6))
    }

    /// A second argument, be it nil, takes a table past the short way of those with strings alone.
    @Test func bothWaysOfATableAreTheSame() async throws {
        let (transcript, records) = try await send(
            #"""
            local function never() error("asked") end
            local tables = {
              { topic = "t", key = "k", value = "v" },
              { topic = "t", value = "no key" },
              { topic = "t", key = "", value = "" },
              { topic = "t", key = "\0\xff", value = "\0v\0" },
              { topic = "t", kye = "misspelt", value = "v" },
              { topic = "t", key = 5, value = "v" },
              { topic = "t", key = "k", value = 5 },
              { topic = "t", key = "k" },
              { topic = "t", key = kafka.null, value = kafka.null },
              { topic = "t", value = "headers", headers = { a = "1" } },
              { topic = "t", value = "partition", partition = 0 },
              { topic = "t", value = "timestamp", timestamp = 1700000000123 },
              { topic = "t", value = "v", headers = false },
              { topic = "t", value = "v", partition = "0" },
              { topic = "", value = "v" },
              { topic = 5, value = "v" },
              { topic = "t\0", value = "v" },
              { value = "v" },
              { "t", "k", "v" },
              setmetatable({ topic = "t", value = "raw" }, { __index = never, __len = never, __pairs = never }),
              setmetatable({ topic = "t" }, { __index = { value = "v" } }),
            }
            local function outcome(...)
              local is_done, future, err = pcall(p.send, ...)
              if not is_done then return "raised " .. future end
              if not future then return "failed " .. tostring(err) end
              local metadata, failure = future:get()
              if not metadata then return "failed later " .. tostring(failure) end
              return "sent " .. metadata.key_size .. " " .. metadata.value_size
            end
            local sent = 0
            for i, record in ipairs(tables) do
              local short, long = outcome(p, record), outcome(p, record, nil)
              assert(short == long, i .. ": " .. short .. " / " .. long)
              if short:find("^sent") then sent = sent + 1 end
            end
            return sent
            """#)
        #expect(transcript.texts == ["10"])
        #expect(records.count == 20)
        for index in stride(from: 0, to: records.count - 1, by: 2) {
            let (short, long) = (records[index], records[index + 1])
            #expect(short.line == long.line)
            #expect(short.headers.map(\.name) == long.headers.map(\.name))
        }
    }

    @Test func keysAndValuesAreBytes() async throws {
        let (_, records) = try await send(
            #"""
            p:send("t", "\0\xff", "\xfe\0é")
            p:send("t", "", "")
            p:send("t", nil, "no key")
            p:send{ topic = "t", value = "no key either" }
            p:send("t", "tombstone", kafka.null)
            p:send{ topic = "t", key = kafka.null, value = kafka.json.null }
            """#)
        #expect(records.map(\.key) == [[0, 0xff], [], nil, nil, Array("tombstone".utf8), nil])
        #expect(
            records.map(\.value) == [
                [0xfe, 0] + Array("é".utf8), [], Array("no key".utf8), Array("no key either".utf8), nil, nil,
            ])
    }

    @Test func headersAreAMapOrAList() async throws {
        let (_, records) = try await send(
            """
            p:send{ topic = "t", value = "map", headers = { b = "2", a = "1", none = kafka.null } }
            p:send{ topic = "t", value = "list", headers = { { "x", "1" }, { "a", "2" }, { "x" }, { "y", kafka.null } } }
            p:send{ topic = "t", value = "both", headers = { { "x", "1" }, b = "2", a = "1" } }
            p:send{ topic = "t", value = "empty", headers = {} }
            """)
        let headers = records.map { record in
            record.headers.map { "\($0.name)=\($0.value.map { String(decoding: $0, as: UTF8.self) } ?? "null")" }
        }
        #expect(
            headers == [
                ["a=1", "b=2", "none=null"], ["x=1", "a=2", "x=null", "y=null"], ["x=1", "a=1", "b=2"], [],
            ])
    }

    @Test func partitionAndTimestampAreAsGiven() async throws {
        let (transcript, records) = try await send(
            """
            local md = assert(p:send{ topic = "t", key = "k", value = "v", partition = 2, timestamp = 1700000000123 }:get())
            assert(p:send{ topic = "t", value = "v", partition = 1.0, timestamp = kafka.now() }:get())
            return md.topic, md.partition, md.offset, md.timestamp, md.key_size, md.value_size
            """, partitions: 3)
        #expect(transcript.texts == ["t", "2", "0", "1700000000123", "1", "1"])
        #expect(records.map(\.partition) == [1, 2])
        #expect(records.last?.timestamp == 1_700_000_000_123)
    }

    @Test func jsonIsASerializer() async throws {
        let (_, records) = try await send(
            """
            p:send("t", { id = 3 }, { list = { 1, 2.5, kafka.null }, ok = true })
            p:send{ topic = "t", key = 3.0, value = 3 }
            p:send{ topic = "t", key = "text", value = kafka.null }
            """, settings: "key_serializer = 'json', value_serializer = 'json'")
        #expect(records.map(\.keyText) == [#"{"id":3}"#, "3.0", #""text""#])
        #expect(records.map(\.valueText) == [#"{"list":[1,2.5,null],"ok":true}"#, "3", nil])
    }

    static let misuses: [(String, String)] = [
        ("p:send()", "bad argument #1 to 'send' (string expected, got no value)"),
        ("p:send(nil, 'k', 'v')", "bad argument #1 to 'send' (string expected, got nil)"),
        ("p:send('', 'k', 'v')", "bad argument #1 to 'send' (a topic's name must not be empty)"),
        ("p:send('t', 5, 'v')", "bad argument #2 to 'send' (string expected, got number)"),
        (
            "p:send('t', 'k')",
            "bad argument #3 to 'send' (string (or kafka.null for a tombstone) expected, got no value)"
        ),
        ("p:send('t', 'k', {})", "bad argument #3 to 'send' (string expected, got table)"),
        ("p:send('t', 'k', 'v', 'callback')", "bad argument #4 to 'send' (function expected, got string)"),
        ("p:send{}", "field 'topic' of argument #1 must be a string, got nil"),
        (
            "p:send{ topic = 't' }",
            "field 'value' of argument #1 must be a string (or kafka.null for a tombstone), got nil"
        ),
        ("p:send{ topic = 't', value = 5 }", "field 'value' of argument #1 must be a string, got number"),
        ("p:send{ topic = 't', value = p }", "field 'value' of argument #1 must be a string, got kafka.producer"),
        ("p:send{ topic = 't', value = 'v', key = true }", "field 'key' of argument #1 must be a string, got boolean"),
        (
            "p:send{ topic = 't', value = 'v', partition = -1 }",
            "field 'partition' of argument #1: a partition counts from 0"
        ),
        (
            "p:send{ topic = 't', value = 'v', partition = 1 << 40 }",
            "field 'partition' of argument #1: a partition counts from 0"
        ),
        (
            "p:send{ topic = 't', value = 'v', partition = 1.5 }",
            "field 'partition' of argument #1: number has no integer representation"
        ),
        (
            "p:send{ topic = 't', value = 'v', partition = '1' }",
            "field 'partition' of argument #1 must be an integer, got string"
        ),
        (
            "p:send{ topic = 't', value = 'v', timestamp = -1 }",
            "field 'timestamp' of argument #1: a timestamp is milliseconds since 1970"
        ),
        (
            "p:send{ topic = 't', value = 'v', headers = 'h' }",
            "field 'headers' of argument #1 must be a table, got string"
        ),
        (
            "p:send{ topic = 't', value = 'v', headers = { 'h' } }",
            "field 'headers' of argument #1: item 1 must be {name, value}, got string"
        ),
        (
            "p:send{ topic = 't', value = 'v', headers = { { 5, 'v' } } }",
            "field 'headers' of argument #1: a header's name must be a string, got number"
        ),
        (
            "p:send{ topic = 't', value = 'v', headers = { a = 5 } }",
            "field 'headers' of argument #1: header 'a' must be a string or kafka.null, got number"
        ),
        ("p:send({ topic = 't', value = 'v' }, 5)", "bad argument #2 to 'send' (function expected, got number)"),
        ("p.send({})", "calling 'send' on bad self (kafka.producer expected, got table)"),
        ("p:flush('soon')", "bad argument #1 to 'flush' (number expected, got string)"),
        ("p:flush(-1)", "bad argument #1 to 'flush' (seconds must be from 0 to 1e9)"),
        ("p:partitions()", "bad argument #1 to 'partitions' (string expected, got no value)"),
        (
            "p:swap('callback', 'x.lua')",
            "bad argument #1 to 'swap' (a role is 'partitioner', 'interceptor' or 'serializer')"
        ),
        ("p:swap('partitioner')", "bad argument #2 to 'swap' (string expected, got no value)"),
        ("kafka.producer('x')", "bad argument #1 to 'producer' (table expected, got string)"),
        (
            "kafka.producer{ [5] = 'x' }",
            "bad argument #1 to 'producer' (string (a configuration key) expected, got number)"
        ),
        ("kafka.producer{ acks = print }", "acks must be a string, a number, a boolean or a list of strings"),
        ("kafka.producer{ ['linger'] = 5 }", "linger.ms"),
        ("kafka.producer{ ['linger.ms'] = -1 }", "linger.ms"),
        ("kafka.producer{ value_serializer = 'text' }", "value.serializer=text: must be one of string, bytes"),
        ("kafka.producer{ ['queue.buffering.max.ms'] = 5 }", "it is librdkafka's name for 'linger.ms'"),
        ("kafka.producer{ partitioner = 'none.lua' }", "cannot read none.lua: No such file or directory"),
        ("kafka.sleep()", "bad argument #1 to 'sleep' (number expected, got no value)"),
        ("kafka.sleep(0/0)", "bad argument #1 to 'sleep' (seconds must be from 0 to 1e9)"),
        ("tail('t', 0)", "bad argument #2 to 'tail' (the number of records is from 1 to 100000)"),
    ]

    /// None of them needs a broker, and all of them say what is wrong with which argument, and where.
    @Test(arguments: misuses) func misuseNamesItsArgument(_ misuse: (source: String, message: String)) async throws {
        let transcript = try await ScriptRunner().run("local p = kafka.producer{}\n\(misuse.source)\np:close(0)")
        let error = try #require(transcript.error)
        #expect(error.script == "test.lua")
        #expect(error.line == 2)
        #expect(error.message.contains(misuse.message))
    }
}

import LuaRuntime
import Testing

@Suite struct LuaJSONTests {
    private func run(_ script: String) async throws -> ScriptTranscript {
        try await ScriptRunner().run("local json = kafka.json\n\(script)")
    }

    @Test(
        arguments: [
            "null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808", "0.1", "3.0", "1e+100",
            "5e-324", "1.7976931348623157e+308", "-0.0", #""""#, #""text""#, #""é 你好 🙂""#, #""\"\\\b\f\n\r\t""#,
            #""\u0000\u001f""#, "[]", "{}", "[1,2.0,\"3\",null,[],{}]", #"{"a":1,"b":{"c":[true,null]}}"#,
            #"{"":0,"1":1,"a\u0001b":2}"#,
        ])
    func aRoundTripGivesTheSameText(text: String) async throws {
        // An empty object and an empty array are told apart by what the array's table carries.
        let transcript = try await run("return json.encode(json.decode([==[\(text)]==]))")
        #expect(transcript.texts == [text])
    }

    @Test func integersAndFloatsStayApart() async throws {
        let transcript = try await run(
            """
            local t = json.decode("[1, 1.0, 1e2]")
            return math.type(t[1]), math.type(t[2]), math.type(t[3]), json.encode{ 1, 1.0, 1e15, 2^53 }
            """)
        #expect(transcript.texts == ["integer", "float", "float", "[1,1.0,1000000000000000.0,9007199254740992.0]"])
    }

    @Test func nullIsAValueAndArraysAreMarked() async throws {
        let transcript = try await run(
            """
            local t = json.decode('{"a": null, "b": []}')
            assert(t.a == kafka.null and json.null == kafka.null and t.a ~= nil)
            return json.encode(t), json.encode{}, json.encode(json.array()), json.encode(json.array{}),
              json.encode(json.array{ 1, 2 }), json.encode(kafka.null), json.encode(nil), tostring(kafka.null)
            """)
        #expect(
            transcript.texts == [#"{"a":null,"b":[]}"#, "{}", "[]", "[]", "[1,2]", "null", "null", "kafka.null"])
    }

    static let unfit: [(String, String)] = [
        ("local t = {}; t.self = t; json.encode(t)", "nested too deeply, or holds itself"),
        ("local t = {}; for _ = 1, 129 do t = { t } end; json.encode(t)", "nested too deeply"),
        ("json.encode{ a = { 1, print } }", "json: value.a[2] is a function, which JSON does not have"),
        ("json.encode(coroutine.create(print))", "json: value is a thread, which JSON does not have"),
        ("json.encode{ x = 0/0 }", "json: value.x is not a finite number"),
        ("json.encode{ math.huge }", "json: value[1] is not a finite number"),
        (#"json.decode '"\xff"'"#, "unable to decode byte 0xff"),
        (#"json.encode{ "\xff" }"#, "json: value[1] is not UTF-8"),
        (#"json.encode{ ["\xff"] = 1 }"#, "is not UTF-8"),
        ("json.encode{ [true] = 1 }", "json: value is a table with a key that is a boolean"),
        (
            "json.encode{ a = { [2] = 1, ['2'] = 2 } }",
            "json: value.a is a table with the key 2 as number and as string"
        ),
    ]

    @Test(arguments: unfit) func whatJSONDoesNotHaveIsNamedByItsPlace(_ unfit: (source: String, message: String))
        async throws
    {
        let error = try #require(try await run(unfit.source).error)
        #expect(error.message.contains(unfit.message))
        #expect(error.line == 2)
    }

    static let invalid: [(String, Int)] = [
        ("", 1), ("{", 1), ("[1,]", 1), ("{ \n\n\"a\" 1}", 3), ("nul", 1), ("1 2", 1), (#""\x""#, 1),
        (#"{"a":1,"a":2}"#, 1), ("99999999999999999999", 1), ("1e999", 1), ("[ \n[\n'", 3),
    ]

    @Test(arguments: invalid) func invalidTextIsRefusedWithItsLine(_ invalid: (text: String, line: Int)) async throws {
        let error = try #require(try await run("json.decode [==[\(invalid.text)]==]").error)
        #expect(error.message.hasPrefix("json: "))
        #expect(error.message.contains("(line \(invalid.line), column "))
    }

    @Test func depthIsBoundedBothWays() async throws {
        let transcript = try await run(
            """
            local function deep(n) return ("["):rep(n) .. ("]"):rep(n) end
            assert(json.encode(json.decode(deep(128))) == deep(128))
            local ok, why = pcall(json.decode, deep(129))
            local fine, because = pcall(json.decode, deep(100000))
            return ok, why, fine
            """)
        #expect(transcript.texts == ["false", "json: nested more than 128 deep", "false"])
    }

    @Test func largeValuesGoThrough() async throws {
        let transcript = try await run(
            """
            local list = {}
            for i = 1, 20000 do list[i] = { id = i, name = "name " .. i, price = i / 8 } end
            local text = json.encode(list)
            local back = json.decode(text)
            assert(#back == 20000 and back[20000].price == 2500 and json.encode(back) == text)
            local long = ("é"):rep(500000)
            assert(json.decode(json.encode(long)) == long)
            return #text
            """)
        #expect(transcript.error == nil)
    }

    /// Each level has the one below it twice: 2^60 values in 60 tables.
    @Test func aSmallTableDoesNotBecomeAnEndlessText() async throws {
        let transcript = try await run(
            """
            local t = { ("x"):rep(100000) }
            for _ = 1, 60 do t = { t, t } end
            json.encode(t)
            """)
        #expect(transcript.error?.message == "json: the text would be longer than 104857600 bytes")
    }

    @Test func otherThanStringsAreNotDecoded() async throws {
        let error = try await run("json.decode(5)").error
        #expect(error?.message == "bad argument #1 to 'decode' (string expected, got number)")
    }
}

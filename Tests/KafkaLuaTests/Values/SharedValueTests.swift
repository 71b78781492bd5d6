import LuaRuntime
import Testing

@Suite struct SharedValueTests {
    @Test func valuesAreCopiedByName() async throws {
        let transcript = try await ScriptRunner().run(
            """
            local shared = kafka.shared
            local table = { 1, 2.0, "three", nested = { true }, null = kafka.null, list = kafka.json.array{} }
            shared.set("t", table)
            table.nested[1] = false
            local copy = shared.get("t")
            assert(copy ~= table and copy.nested[1] == true and math.type(copy[2]) == "float" and copy[3] == "three")
            assert(copy.null == kafka.null and kafka.json.encode(copy.list) == "[]")
            shared.set("t", nil)
            assert(shared.get("t") == nil)
            local h = kafka.histogram()
            h:record(5)
            shared.set("h", h)
            h:record(6)
            return shared.get("h"):count()
            """)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["1"])
    }

    @Test func countersKeepTheirKind() async throws {
        let transcript = try await ScriptRunner().run(
            """
            local incr, get = kafka.shared.incr, kafka.shared.get
            return incr("a"), incr("a", 5), get("a"), incr("b", 0.5), incr("b"), incr("a", 1.0), incr("c", -1)
            """)
        #expect(transcript.texts == ["1", "6", "6", "0.5", "1.5", "7.0", "-1"])
    }

    @Test func scriptsDoNotShareWithEachOther() async throws {
        _ = try await ScriptRunner().run("kafka.shared.set('x', 1)")
        #expect(try await ScriptRunner().run("return kafka.shared.get('x')").texts == ["nil"])
    }

    @Test(arguments: [
        ("kafka.shared.get()", "bad argument #1 to 'get' (string expected, got no value)"),
        ("kafka.shared.set(5, 1)", "bad argument #1 to 'set' (string expected, got number)"),
        ("kafka.shared.set('x', print)", "bad argument #2 to 'set' (a function cannot leave the script"),
        ("kafka.shared.set('x', { a = { kafka.producer } })", "a function cannot leave the script"),
        ("kafka.shared.set('x', io.stdin)", "a FILE* cannot leave the script"),
        ("kafka.shared.set('x', kafka.every(1, print))", "a kafka.timer cannot leave the script"),
        ("local t = {} t.t = t kafka.shared.set('x', t)", "tables are nested too deeply, or hold themselves"),
        ("kafka.shared.incr('x', 'y')", "bad argument #2 to 'incr' (number expected, got string)"),
        ("kafka.shared.set('x', 'y') kafka.shared.incr('x')", "what is shared by this name is not a number"),
    ])
    func misuseNamesItsArgument(_ misuse: (source: String, message: String)) async throws {
        let error = try #require(try await ScriptRunner().run(misuse.source).error)
        #expect(error.message.contains(misuse.message), "\(error.message)")
    }
}

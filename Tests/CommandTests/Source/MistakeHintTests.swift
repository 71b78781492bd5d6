import Testing

@testable import kafka_lua

@Suite struct MistakeHintTests {
    private let hints = MistakeHint(
        globals: ["send", "tail", "flush", "print", "known"], module: ["producer", "sleep", "json"],
        methods: ["send", "flush", "get"])

    @Test(arguments: [
        ("calling 'flush' on bad self (kafka.producer expected, got no value)", "p.flush()", "p:flush(…)"),
        ("calling 'get' on bad self (kafka.future expected, got no value)", "send('t').get()", "p:get(…)"),
        ("attempt to call a nil value (field 'send')", "kafka.send('t')", "without kafka."),
        ("attempt to call a nil value (field 'slep')", "x = kafka.slep(1)", "kafka.sleep"),
        ("attempt to call a nil value (method 'gett')", "f:gett()", ":get"),
        ("attempt to call a nil value (global 'sned')", "sned()", "did you mean send?"),
        ("attempt to call a nil value (global 'producer')", "producer{}", "kafka.producer"),
        ("attempt to index a nil value (global 'json')", "json.encode(1)", "kafka.json"),
        ("attempt to concatenate a nil value (global 'orders')", "'a' .. orders", #""orders""#),
        ("bad argument #1 to 'send' (string expected, got nil)", "send(orders, 'k')", #""orders""#),
        ("bad argument #2 to 'tail' (string expected, got nil)", "tail(f(1, 2), orders)", #""orders""#),
        ("field 'topic' of argument #1 must be a string, got nil", "send{topic=orders, value=1}", #""orders""#),
        ("syntax error near 'orders'", "send orders hello", "\\send TOPIC VALUE [KEY]"),
    ])
    func aCommonMistakeHasAHint(message: String, line: String, hint: String) {
        #expect(hints.hint(for: message, line: line)?.contains(hint) == true)
    }

    @Test(arguments: [
        ("bad argument #1 to 'send' (string expected, got nil)", "send(known)"),
        ("bad argument #1 to 'send' (string expected, got nil)", "send(f(x))"),
        ("bad argument #1 to 'send' (string expected, got nil)", "send("),
        ("bad argument #9 to 'send' (string expected, got nil)", "send(a)"),
        ("bad argument #1 to 'send' (string expected, got nil)", ""),
        ("field 'topic' of argument #1 must be a string, got nil", "send{}"),
        ("attempt to call a nil value (field 'zzzzzzz')", "kafka.zzzzzzz()"),
        ("attempt to call a nil value (field 'send')", "other.send()"), ("syntax error near 'b'", "a b"),
        ("boom", "boom"),
    ])
    func whatIsNotClearHasNone(message: String, line: String) {
        #expect(hints.hint(for: message, line: line) == nil)
    }

    @Test func ofATracebackTheScriptsOwnLinesAreLeft() {
        let traceback = """
            stack traceback:
            \t[C]: in function 'error'
            \tstdin:1: in upvalue 'g'
            \tkafka:3: in function 'x'
            \tstdin:2: in function 'h'
            \t(...tail calls...)
            """
        #expect(Traceback.ownFrames(traceback) == "  stdin:1: in upvalue 'g'\n  stdin:2: in function 'h'")
        #expect(Traceback.ownFrames("stack traceback:\n\t[C]: in ?\n\tstdin:1: in main chunk") == nil)
        #expect(Traceback.ownFrames("") == nil)
    }
}

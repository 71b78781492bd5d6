import Testing

@testable import kafka_lua

@Suite struct REPLSessionTests {
    private var interactive = REPLSession(isInteractive: true)
    private var piped = REPLSession(isInteractive: false)

    @Test mutating func theSecondInterruptInARowQuits() {
        #expect(
            interactive.received(.interrupted, check: ScriptedLua.check) == .print("Ctrl-C again or Ctrl-D quits\n"))
        #expect(interactive.received(.block(""), check: ScriptedLua.check) == .read)
        #expect(
            interactive.received(.interrupted, check: ScriptedLua.check) == .print("Ctrl-C again or Ctrl-D quits\n"))
        #expect(interactive.received(.interrupted, check: ScriptedLua.check) == .quitInterrupted)
        #expect(piped.received(.interrupted, check: ScriptedLua.check) == .quitInterrupted)
    }

    @Test mutating func theEndQuits() {
        #expect(interactive.received(.end(unfinished: nil), check: ScriptedLua.check) == .quit)
        #expect(piped.received(.end(unfinished: nil), check: ScriptedLua.check) == .quit)
        #expect(
            piped.received(.end(unfinished: "for i do"), check: ScriptedLua.check)
                == .report(Failure("the input ends within a statement")))
    }

    @Test mutating func commandsBecomeActions() {
        func action(_ line: String) -> REPLSession.Action {
            interactive.received(.block(line), check: ScriptedLua.check)
        }
        #expect(action("\\topics") == .call(.topics))
        #expect(action(#"\send a "x \ 你" k"#) == .call(.send(topic: "a", value: "x \\ 你", key: "k")))
        #expect(action("\\swap partitioner 'a b.lua'") == .call(.swap(role: "partitioner", file: "a b.lua")))
        #expect(action("\\gen") == .call(.generations))
        #expect(action("\\watch off") == .call(.watch(false)))
        #expect(action("\\watch maybe") == .report(Failure("\\watch takes on or off")))
        #expect(action("\\set linger.ms 5") == .set(.change([.init(key: "linger.ms", value: "5")])))
        #expect(
            action("\\set acks=1 client.id='a=b c'")
                == .set(.change([.init(key: "acks", value: "1"), .init(key: "client.id", value: "a=b c")])))
        #expect(action("\\set sasl.jaas.config 'a=b'") == .set(.change([.init(key: "sasl.jaas.config", value: "a=b")])))
        #expect(action("\\set acks") == .set(.show(key: "acks")))
        for line in ["\\set acks 1 linger.ms 5", "\\set acks=1 linger.ms", "\\set =1"] {
            #expect(
                action(line)
                    == .report(
                        Failure("usage: \\set [KEY [VALUE]]", hint: "or several at once: \\set KEY=VALUE KEY=VALUE")))
        }
        #expect(action("\\use") == .use(nil))
        #expect(action("\\source a.lua") == .source(path: "a.lua"))
    }

    @Test mutating func settingsAreKept() {
        #expect(interactive.output == .table)
        #expect(piped.output == .json)
        #expect(interactive.received(.block("\\output json"), check: ScriptedLua.check) != .read)
        #expect(interactive.output == .json)
        _ = interactive.received(.block("\\timing"), check: ScriptedLua.check)
        #expect(interactive.showsTiming)
        _ = interactive.received(.block("\\timing off"), check: ScriptedLua.check)
        #expect(!interactive.showsTiming)
        #expect(
            interactive.received(.block("\\timing maybe"), check: ScriptedLua.check)
                == .report(Failure("\\timing takes on or off")))
    }

    @Test mutating func resultsAreForPeopleOrPrograms() {
        let printer = ValuePrinter()
        #expect(interactive.text(of: [.integer(1), .string("a")], printer: printer) == "1\t\"a\"\n")
        #expect(interactive.text(of: [.null], printer: printer) == "nil\n")
        #expect(interactive.text(of: [], printer: printer) == nil)
        #expect(piped.text(of: [.integer(1), .string("a")], printer: printer) == "1\n\"a\"\n")
    }
}

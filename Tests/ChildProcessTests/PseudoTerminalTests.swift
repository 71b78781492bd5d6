import ChildProcess
import Testing

@Suite struct PseudoTerminalTests {
    @Test func aProgramHasATerminalOfItsOwnWhoseControlCReachesIt() throws {
        var terminal = try PseudoTerminal(
            "sh", ["-c", "test -t 0 && test -t 2 && stty size; trap 'echo caught; exit 3' INT; echo ready; read line"])
        #expect(try terminal.read(upTo: "24 80\r\n") == "24 80\r\n")
        _ = try terminal.read(upTo: "ready")
        terminal.type("\u{03}")
        let outcome = try terminal.finish()
        #expect(outcome.status == 3)
        #expect(outcome.output.contains("caught"))
    }

    @Test func whatIsTypedIsReadAndWhatIsNotWrittenIsADeadline() throws {
        var terminal = try PseudoTerminal("sh", ["-c", "read line; echo \"got $line\"; sleep 60"])
        terminal.type("words\n")
        #expect(try terminal.read(upTo: "got words").hasSuffix("got words"))
        #expect(throws: ChildProcessError.self) { try terminal.read(upTo: "more", within: .milliseconds(20)) }
    }

    @Test func aProgramThatIsNotThereIsNamed() {
        #expect(throws: ChildProcessError.self) { _ = try PseudoTerminal("/no/such/program") }
    }
}

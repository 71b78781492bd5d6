import ChildProcess
import Testing

/// The prompt on a terminal, as a person sees it.
@Suite struct PromptTests {
    @Test func aPersonSendsLooksAndLeaves() async throws {
        var terminal = try PseudoTerminal(Program.path(), environment: Program.environment)
        _ = try terminal.read(upTo: "embedded broker on ")
        _ = try terminal.read(upTo: "kafka> ")

        terminal.type("for i = 1, 2 do\r")
        _ = try terminal.read(upTo: "-> ")
        terminal.type("print('line ' .. i) end\r")
        _ = try terminal.read(upTo: "line 1\r\n")
        _ = try terminal.read(upTo: "line 2\r\n")
        _ = try terminal.read(upTo: "kafka> ")

        terminal.type(#"send{topic="orders", key="k1", value="你好"}"# + "\r")
        let notice = try terminal.read(upTo: " @ 0")
        #expect(notice.contains("✓ orders-"))
        _ = try terminal.read(upTo: "kafka> ")

        terminal.type("tail(\"orders\")\r")
        let record = try terminal.read(upTo: "你好", within: .seconds(10))
        #expect(record.contains("tail"))
        _ = try terminal.read(upTo: "kafka> ")

        // Shown while the prompt waits for a line.
        terminal.type("kafka.every(0.001, function(t) t:cancel() print('be' .. 'at') end)\r")
        _ = try terminal.read(upTo: "beat", within: .seconds(10))
        terminal.type("\r")
        _ = try terminal.read(upTo: "kafka> ")

        terminal.type("half a li")
        _ = try terminal.read(upTo: "half a li")
        terminal.type("\u{03}")
        _ = try terminal.read(upTo: "quits")
        // What is typed ahead of the prompt goes with the next Ctrl-C: the terminal itself forgets it.
        _ = try terminal.read(upTo: "kafka> ")
        terminal.type("kafka.sleep(1000)\r")
        _ = try terminal.read(upTo: "sleep(1000)")
        terminal.type("\u{03}")
        _ = try terminal.read(upTo: "interrupted")
        _ = try terminal.read(upTo: "kafka> ")

        terminal.type("\u{04}")
        #expect(try terminal.finish().status == 0)
    }

    /// The terminal takes away what was typed before, the Enter too if it was not read yet. Either way the prompt is back.
    @Test func controlCAtTheInstantOfEnterIsNeverLost() async throws {
        var terminal = try PseudoTerminal(Program.path(), environment: Program.environment)
        let emptyPrompt = "kafka> \r\u{1B}[7C"
        for _ in 1...100 {
            _ = try terminal.read(upTo: emptyPrompt, within: .seconds(60))
            terminal.type("while true do end")
            _ = try terminal.read(upTo: "end\r\u{1B}[24C", within: .seconds(60))
            terminal.type("\r\u{03}")
            _ = try terminal.read(upTo: emptyPrompt, within: .seconds(60))
            // Two in a row would quit.
            terminal.type("x = 1\r")
        }
        _ = try terminal.read(upTo: emptyPrompt, within: .seconds(60))
        terminal.type("\u{04}")
        #expect(try terminal.finish(within: .seconds(60)).status == 0)
    }

    /// A peer that takes connections and says nothing is waited for half a minute by itself.
    @Test(arguments: ["\\topic orders", "\\tail orders"]) func controlCEndsAWaitForABroker(line: String) async throws {
        let peer = try HTTPPeer(answers: false)
        var terminal = try PseudoTerminal(
            Program.path(), ["-b", "127.0.0.1:\(peer.port)"], environment: Program.environment)
        _ = try terminal.read(upTo: "kafka> ", within: .seconds(60))
        terminal.type("\(line)\r")
        _ = try terminal.read(upTo: "\r\n", within: .seconds(60))
        let start = ContinuousClock.now
        terminal.type("\u{03}")
        _ = try terminal.read(upTo: "kafka> ", within: .seconds(60))
        #expect(ContinuousClock.now - start < .seconds(20))
        terminal.type("\u{04}")
        #expect(try terminal.finish(within: .seconds(60)).status == 0)
    }
}

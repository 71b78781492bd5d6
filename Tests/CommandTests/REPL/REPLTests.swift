import Testing

@testable import kafka_lua

/// Sessions as transcripts: lines of standard input, and what came out.
@Suite struct REPLTests {
    private struct Result {
        var code: Int32
        var output: String
        var errors: String
    }

    private func session(
        _ input: String, host: ScriptedHost = ScriptedHost(), isInteractive: Bool = false
    ) throws -> Result {
        let (standardInput, standardOutput) = (try PipePair(), try PipePair())
        standardInput.write(input)
        standardInput.closeWriting()
        let console = Console(descriptor: standardOutput.writing)
        let errors = Lines()
        let diagnostics = Diagnostics { errors.append($0) }
        var repl = REPL(
            host: host, reader: PlainReader(console: console, prompt: nil, descriptor: standardInput.reading),
            console: console, interrupts: Interrupts(console: console, diagnostics: diagnostics),
            diagnostics: diagnostics, printer: ValuePrinter(), session: REPLSession(isInteractive: isInteractive))
        let code = repl.run()
        return Result(code: code, output: standardOutput.contents(), errors: errors.text)
    }

    @Test func linesAreRunAndResultsAreJSON() throws {
        let host = ScriptedHost(["return 1 + 1": .values([.integer(2)]), "return f();": .values([.integer(3)])])
        let result = try session("1 + 1\nx = 1\nf();\n", host: host)
        #expect(result.output == "2\n")
        #expect(result.code == 0)
        #expect(host.ran == ["return 1 + 1", "x = 1", "return f();"])
        #expect(host.kept == 2)
    }

    @Test func aBlockIsReadUntilItIsComplete() throws {
        let host = ScriptedHost()
        #expect(try session("while x do\nf()\nend\ny = 1", host: host).code == 0)
        #expect(host.ran == ["while x do\nf()\nend", "y = 1"])
    }

    @Test func theFirstErrorEndsAPipedSession() throws {
        let host = ScriptedHost(["x = 1": .failed(Failure("boom", traceback: "stdin:1"))])
        let result = try session("x = 1\ny = 1\n", host: host)
        #expect(result.code == 1)
        #expect(result.errors == "error: boom\nstdin:1\n")
        #expect(host.ran == ["x = 1"])
        #expect(try session("bad\nx = 1\n").code == 1)
        #expect(try session("while x do\n").code == 1)
    }

    @Test func anErrorDoesNotEndAPersonsSession() throws {
        let host = ScriptedHost(["x = 1": .failed(Failure("boom"))])
        let result = try session("x = 1\ny = 1\n", host: host, isInteractive: true)
        #expect(result.code == 0)
        #expect(host.ran == ["x = 1", "y = 1"])
    }

    @Test func osExitEndsWithItsCode() throws {
        let host = ScriptedHost(["return quit()": .exit(7)])
        #expect(try session("quit()\nx = 1\n", host: host).code == 7)
        #expect(host.ran == ["return quit()"])
    }

    @Test func whatCouldNotBeDeliveredIsNamedAtTheEnd() throws {
        let result = try session("", host: ScriptedHost(failuresAtClose: [Failure("orders: 3 records timed out")]))
        #expect(result.code == 1)
        #expect(result.errors == "error: orders: 3 records timed out\n")
    }

    @Test func aFileThatIsMissingIsAnError() throws {
        let result = try session("\\source /no/such/file.lua\n")
        #expect(result.code == 1)
        #expect(result.errors == "error: cannot open /no/such/file.lua: No such file or directory\n")
    }

    @Test func whoeverWakesThePromptHasItsCallbacksRun() throws {
        let (standardInput, standardOutput) = (try PipePair(), try PipePair())
        let console = Console(descriptor: standardOutput.writing)
        let reader = PlainReader(console: console, prompt: nil, descriptor: standardInput.reading)
        console.wake()
        var ran = 0
        let input = reader.read(isComplete: { _ in true }) {
            ran += 1
            standardInput.write("next\n")
        }
        #expect(ran == 1)
        #expect(input == .block("next"))
    }

    @Test func controlCInterruptsWhatRunsAndThenQuits() {
        let console = Console()
        let interrupts = Interrupts(console: console, diagnostics: Diagnostics { _ in })
        let host = ScriptedHost()
        #expect(interrupts.effect() == .cancelLine)
        interrupts.whileRunning(host) {
            #expect(interrupts.effect() == .interrupt)
            #expect(interrupts.effect() == .quit)
        }
        #expect(interrupts.effect() == .cancelLine)
        interrupts.whileRunning(host) { #expect(interrupts.effect() == .interrupt) }
    }
}

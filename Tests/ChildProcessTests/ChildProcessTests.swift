import ChildProcess
import Testing

@Suite struct ChildProcessTests {
    @Test func capturesOutputErrorsAndStatus() async throws {
        let outcome = try await ChildProcess.run("sh", ["-c", "echo out; echo err >&2; exit 3"])
        #expect(outcome.status == 3)
        #expect(outcome.output == "out\n")
        #expect(outcome.errors == "err\n")
    }

    @Test func feedsMoreInputThanAPipeHoldsWhileReadingItBack() async throws {
        let input = String(repeating: "0123456789abcdef\n", count: 100_000)
        let outcome = try await ChildProcess.run("cat", input: input)
        #expect(outcome.status == 0)
        #expect(outcome.output == input)
    }

    @Test func survivesAProgramThatReadsNoInput() async throws {
        let outcome = try await ChildProcess.run("true", input: String(repeating: "x", count: 1_000_000))
        #expect(outcome.status == 0)
    }

    @Test func talksLineByLine() throws {
        var child = try ChildProcess("cat")
        try child.write("one\ntwo\nthr")
        #expect(try child.readLine() == "one")
        #expect(try child.readLine() == "two")
        child.closeInput()
        #expect(try child.readLine() == "thr")
        #expect(try child.readLine() == nil)
        #expect(try child.finish().status == 0)
    }

    @Test func namesAProgramThatDoesNotExist() async {
        await #expect {
            try await ChildProcess.run("no-such-program")
        } throws: { error in
            "\(error)".contains("no-such-program could not be started: No such file or directory")
        }
    }

    @Test func givesUpAtTheDeadlineWithWhatWasWritten() throws {
        var child = try ChildProcess("sh", ["-c", "printf 'ready\\nso far'; exec sleep 600"])
        #expect(try child.readLine() == "ready")
        do {
            _ = try child.finish(within: .milliseconds(1))
            Issue.record("sleep does not end")
        } catch {
            #expect(error == .deadline(.milliseconds(1), output: "so far", errors: ""))
        }
    }

    @Test func tellsOfTheSignalThatEndedAProgram() throws {
        var child = try ChildProcess("cat")
        child.signal(15)
        #expect(try child.finish().status == 128 + 15)
    }

    @Test func addsToTheEnvironment() async throws {
        let script = "echo $COLOUR; test -n \"$PATH\""
        let outcome = try await ChildProcess.run("sh", ["-c", script], environment: ["COLOUR": "red"])
        #expect(outcome.status == 0)
        #expect(outcome.output == "red\n")
    }

    @Test func endsTheProgramWhenTheValueGoesAway() async throws {
        func start() throws -> Int32 {
            let child = try ChildProcess("sleep", ["600"])
            return child.id
        }
        let id = try start()
        #expect(try await ChildProcess.run("kill", ["-0", "\(id)"]).status != 0)
    }
}

import Dispatch
import LuaRuntime
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct InputTests {
    private func run(
        _ script: String, _ text: String, _ broker: TestBroker? = nil
    ) async throws -> (transcript: ScriptTranscript, path: String) {
        let files = try TemporaryScripts()
        let path = try files.write(text, to: "input")
        return (try await ScriptRunner(broker).run(script, arguments: [path]), path)
    }

    @Test(arguments: [
        ("", [String]()), ("one", ["1 one"]), ("one\n", ["1 one"]), ("\n\n", ["1 ", "2 "]),
        ("a\nb\r\n\nc", ["1 a", "2 b<CR>", "3 ", "4 c"]),
    ])
    func linesComeOneByOneWithTheirNumbers(text: String, lines: [String]) async throws {
        let (transcript, _) = try await run(
            "for line, number in kafka.lines(...) do print(number .. ' ' .. line:gsub('\\r', '<CR>')) end", text)
        #expect(transcript.error == nil)
        #expect(transcript.output == lines)
    }

    @Test func linesMayBeLongerThanABlockAndHoldAnyByte() async throws {
        let (transcript, _) = try await run(
            """
            local lengths = {}
            for line in kafka.lines(...) do lengths[#lengths + 1] = #line end
            return table.concat(lengths, " ")
            """, String(repeating: "x", count: 200_000) + "\n\0\n" + String(repeating: "y\n", count: 3))
        #expect(transcript.texts == ["200000 1 1 1 1"])
    }

    @Test func rowsAreTablesByTheHeaderOrLists() async throws {
        let (transcript, _) = try await run(
            """
            local json = kafka.json.encode
            for row, line in kafka.csv(...) do print(line, json(row)) end
            for row in kafka.csv(..., { header = false }) do print(json(row)) end
            for row in kafka.csv(..., { header = { "x", "y" }, separator = ";", quote = "'" }) do print(json(row)) end
            """, "id,na;me\n1,\";\n,;\"\n2,;\n")
        #expect(
            transcript.error?.message.hasSuffix(":4: the row has 2 fields, the header has 2") != true)
        #expect(
            transcript.output.prefix(5) == [
                #"2\#t{"id":"1","na;me":";\n,;"}"#, #"4\#t{"id":"2","na;me":";"}"#, #"["id","na;me"]"#,
                #"["1",";\n,;"]"#, #"["2",";"]"#,
            ])
        #expect(
            transcript.output.dropFirst(5) == [
                #"{"x":"id,na","y":"me"}"#, #"{"x":"1,\"","y":""}"#, #"{"x":",","y":"\""}"#, #"{"x":"2,","y":""}"#,
            ])
    }

    @Test(arguments: [
        ("a,b\n1,2\n3\n", 3, "the row has 1 fields, the header has 2"), ("a,a\n", 1, "the header has 'a' twice"),
        ("a\n\"", 2, "the quote that begins here is not closed"),
    ])
    func aWrongRowIsNamedByFileAndLine(text: String, line: Int, message: String) async throws {
        let (transcript, path) = try await run("for row in kafka.csv(...) do end", text)
        #expect(transcript.error?.message == "\(path):\(line): \(message)")
    }

    @Test func afterAnErrorThereIsNoMore() async throws {
        let (transcript, _) = try await run(
            """
            local rows = kafka.csv(..., { header = false })
            assert(rows() and not pcall(rows))
            return rows()
            """, "a\n\"b\"c\nd\n")
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["nil"])
    }

    @Test(arguments: [
        ("kafka.lines('/nonexistent/x')", "cannot read /nonexistent/x: No such file or directory"),
        ("kafka.lines('/')()", "cannot read /: Is a directory"),
        ("kafka.lines(5)", "bad argument #1 to 'lines' (file name or io.stdin expected, got number)"),
        ("kafka.lines(io.stdout)", "bad argument #1 to 'lines' (file name or io.stdin expected, got FILE*)"),
        ("kafka.csv('/dev/null', { separator = ',,' })", "field 'separator' of argument #2: one character expected"),
        ("kafka.csv('/dev/null', { separator = '\\n' })", "and not a line end"),
        ("kafka.csv('/dev/null', { separator = '\"' })", "separator and quote must differ"),
        ("kafka.csv('/dev/null', { header = 5 })", "field 'header' of argument #2 must be a boolean or list of names"),
        ("kafka.csv('/dev/null', { header = { 5 } })", "item 1 must be a column's name"),
        ("kafka.csv('/dev/null', { header = { 'a', 'a' } })", "a column is named twice"),
        ("kafka.csv('/dev/null', { limit = 0 })", "field 'limit' of argument #2: the limit of a row is from 1"),
    ])
    func misuseNamesItsArgument(_ misuse: (source: String, message: String)) async throws {
        let error = try #require(try await ScriptRunner().run(misuse.source).error)
        #expect(error.message.contains(misuse.message), "\(error.message)")
    }

    /// The writer of the pipe writes a line each time that the script has printed, which it does in a timer.
    @Test func timersRunWhileAPipeIsWaitedFor() async throws {
        let pipe = try Pipe()
        let transcript = try await ScriptRunner().run(
            """
            local beats = 0
            kafka.every(0.001, function(t)
              beats = beats + 1
              if beats <= 3 then print("write") elseif beats == 4 then print("close") end
            end)
            local lines = {}
            for line in kafka.lines(...) do lines[#lines + 1] = line end
            return #lines, lines[3]
            """, arguments: [pipe.path]
        ) { line, _ in
            if line == "write" { pipe.write("line\n") } else { pipe.close() }
        }
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["3", "line"])
    }

    /// The writer answers each line with the next.
    @Test func aPipeIsWaitedForAgainAndAgain() async throws {
        let pipe = try Pipe()
        pipe.write("line\n")
        let transcript = try await ScriptRunner().run(
            """
            local count = 0
            for line in kafka.lines(...) do
              count = count + 1
              print(count < 2000 and "write" or "close")
            end
            return count
            """, arguments: [pipe.path]
        ) { line, _ in
            DispatchQueue.global().async { if line == "write" { pipe.write("line\n") } else { pipe.close() } }
        }
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["2000"])
    }

    @Test func aWaitForAPipeIsInterrupted() async throws {
        let pipe = try Pipe()
        let transcript = try await ScriptRunner().run(
            """
            kafka.every(0.001, function(t) t:cancel() print("ready") end)
            for line in kafka.lines(...) do end
            """, arguments: [pipe.path]
        ) { _, interrupt in interrupt() }
        #expect(transcript.error?.kind == .interrupted)
        pipe.close()
    }
}

/// A pipe that another descriptor of this process leads to.
private struct Pipe: Sendable {
    private let ends: [CInt]

    struct Failure: Error {}

    init() throws {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure() }
        self.ends = ends
    }

    var path: String { "/dev/fd/\(ends[0])" }

    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            #if canImport(Glibc)
                _ = Glibc.write(ends[1], bytes.baseAddress, bytes.count)
            #else
                _ = Darwin.write(ends[1], bytes.baseAddress, bytes.count)
            #endif
        }
    }

    /// The script has opened the reading end once more by then.
    func close() {
        for end in ends.reversed() {
            #if canImport(Glibc)
                _ = Glibc.close(end)
            #else
                _ = Darwin.close(end)
            #endif
        }
    }
}

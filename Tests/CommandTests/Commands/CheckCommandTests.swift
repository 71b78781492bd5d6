import ChildProcess
import TestSupport
import Testing

@testable import kafka_lua

@Suite struct CheckCommandTests {
    @Test(arguments: [
        (
            "return { partition = function(r, n) return 0 end, on_ack = function() end }",
            "a plugin with partition, on_ack"
        ),
        ("send('t', nil, 'v')", "a script that compiles"), ("while true do end", "a script that compiles"),
        ("if not arg then return { serialize = tostring } end send('t')", "a plugin with serialize"),
        ("", "a script that compiles"),
    ])
    func aFileIsWhatItReturns(_ file: (text: String, finding: String)) throws {
        #expect(try ScriptCheck(text: file.text, name: "x.lua").finding(as: nil) == file.finding)
    }

    @Test(arguments: [
        ("x = = 1", nil, "x.lua:1: unexpected symbol"),
        ("return { partition = 5 }", nil, "'partition' must be a function"),
        ("return {}", nil, "has no function"),
        ("return { partition = function(r) return r.key.x.y end }", nil, "x.lua:1: attempt to index"),
        ("return { partition = function(r, n) return n end }", nil, "partition returned 8"),
        ("local t = nil\nreturn { partition = t.x }", nil, "x.lua:2: attempt to index"),
        ("return { on_ack = print }", ScriptCheck.Role.partitioner, "has no function 'partition'"),
        ("send('t', nil, 'v')", .interceptor, "x.lua:1"),
    ])
    func whatIsWrongIsSaid(_ file: (text: String, role: ScriptCheck.Role?, message: String)) {
        let error = #expect(throws: Failure.self) {
            try ScriptCheck(text: file.text, name: "x.lua").finding(as: file.role)
        }
        #expect(error?.message.contains(file.message) == true, "\(String(describing: error))")
    }

    @Test func aScriptIsNotRun() throws {
        let text = "io.open('/nonexistent/file', 'w'):write('x')\nreturn 1"
        #expect(try ScriptCheck(text: text, name: "x.lua").finding(as: .script) == "a script that compiles")
    }

    @Test func theFirstFileThatIsNotSoundDoesNotHideTheOthers() async throws {
        let folder = try TemporaryFolder()
        let wrong = try folder.write(Array("x = = 1".utf8), to: "wrong.lua")
        let right = try folder.write(Array("return { on_send = function() end }".utf8), to: "right.lua")
        let outcome = try await Program.run("check", wrong, right)
        #expect(outcome.status == 1)
        #expect(outcome.output == "\(right): a plugin with on_send\n")
        #expect(outcome.errors.contains("wrong.lua:1: unexpected symbol"))
        #expect(try await Program.run("check", "/nonexistent.lua").status == 1)
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func eachShellIsTaughtTheCommands(shell: String) async throws {
        let outcome = try await Program.run("completions", shell)
        #expect(outcome.status == 0)
        for word in ["perf", "completions", "bootstrap-server", "partitioner"] {
            #expect(outcome.output.contains(word), "\(word)")
        }
    }
}

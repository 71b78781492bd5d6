import LuaRuntime
import Testing

@Suite struct LuaErrorTests {
    let state: LuaState

    init() throws {
        state = try LuaState()
    }

    @Test func raisedStringHasScriptLineAndTraceback() throws {
        let text = """
            local function inner()
                error("boom")
            end
            inner()
            """
        let error = try luaError { try state.run(text, name: "@scripts/a.lua") }
        #expect(error.kind == .runtime)
        #expect(error.script == "scripts/a.lua")
        #expect(error.line == 2)
        #expect(error.message == "boom")
        #expect(error.description == "scripts/a.lua:2: boom")
        #expect(error.traceback.contains("scripts/a.lua:4"))
        #expect(error.value == nil)
    }

    @Test func errorOfTheMachineHasItsPosition() throws {
        let error = try luaError { try state.run("local x\nreturn x.y", name: "@a.lua") }
        #expect(error.line == 2)
        #expect(error.message == "attempt to index a nil value (local 'x')")
    }

    @Test func errorThatBlamesTheCallerHasTheCallersLine() throws {
        let text = "local function check() error('bad use', 2) end\n\ncheck()"
        let error = try luaError { try state.run(text, name: "@a.lua") }
        #expect(error.line == 3)
        #expect(error.message == "bad use")
    }

    @Test func errorWithoutPositionStillSaysWhereItWasRaised() throws {
        let error = try luaError { try state.run("\nerror('plain', 0)", name: "@a.lua") }
        #expect(error.message == "plain")
        #expect(error.line == 2)
    }

    @Test func longScriptNameIsWhole() throws {
        let name = String(repeating: "long/", count: 40) + "a.lua"
        let error = try luaError { try state.run("error('boom')", name: "@" + name) }
        #expect(error.script == name)
        #expect(error.message == "boom")
    }

    @Test func errorObjectKeepsItsFields() throws {
        let error = try luaError {
            try state.run("error{ code = 7, message = 'no leader', retriable = true }", name: "@a.lua")
        }
        #expect(error.message == "no leader")
        #expect(error["code"] == 7)
        #expect(error["retriable"] == true)
        #expect(error.line == 1)
    }

    @Test func errorObjectIsDescribedByItsMetamethod() throws {
        let error = try luaError {
            try state.run("error(setmetatable({}, { __tostring = function() return 'mine' end }))", name: "=x")
        }
        #expect(error.message == "mine")
    }

    @Test func errorObjectWhoseMetamethodFailsIsStillAnError() throws {
        let error = try luaError {
            try state.run("error(setmetatable({}, { __tostring = function() error('again') end }))", name: "=x")
        }
        #expect(error.kind == .runtime)
        let other = try luaError {
            try state.run("error(setmetatable({}, { __tostring = function() return 1 end }))", name: "=x")
        }
        #expect(other.kind == .runtime)
    }

    @Test(arguments: [
        "error()", "error(nil)", "error(true)", "error(12)", "error(print)", "error(coroutine.create(print))",
    ])
    func anyValueCanBeRaised(text: String) throws {
        #expect(try luaError { try state.run(text, name: "=x") }.kind == .runtime)
        #expect(try state.evaluate("return 1") == 1)
    }

    @Test func syntaxErrorHasItsLine() throws {
        let error = try luaError { try state.run("local a = 1\nlocal b = = 2\n", name: "@a.lua") }
        #expect(error.kind == .syntax)
        #expect(error.script == "a.lua")
        #expect(error.line == 2)
        #expect(error.message == "unexpected symbol near '='")
        #expect(!error.isIncomplete)
    }

    @Test(arguments: ["for i = 1, 3 do", "f(", "x = {", "return function()", "x = [[ab", "if x then\n"])
    func chunkThatEndsTooEarlyIsIncomplete(text: String) throws {
        let error = try luaError { try state.run(text, name: "=stdin") }
        #expect(error.isIncomplete)
    }

    @Test(arguments: ["x = )", "end", "x = 'a\n", "return return", "x = 1 1"])
    func chunkThatIsWrongIsNotIncomplete(text: String) throws {
        let error = try luaError { try state.run(text, name: "=stdin") }
        #expect(error.kind == .syntax)
        #expect(!error.isIncomplete)
    }

    @Test func bytecodeIsRefused() throws {
        let error = try luaError { _ = try state.load([0x1b, 0x4c, 0x75, 0x61, 0x54], name: "=x") }
        #expect(error.kind == .syntax)
        #expect(error.message.contains("binary"))
    }

    @Test func stackOverflowIsAnError() throws {
        let error = try luaError { try state.run("local function f() return 1 + f() end f()", name: "=x") }
        #expect(error.message.contains("stack overflow"))
        #expect(try state.evaluate("return 1") == 1)
    }

    /// Leaving a variable's scope may call the host, and the host Lua, before the error arrives.
    @Test(arguments: ["return 1", "error('within')"]) func callsWhileAnErrorUnwindsDoNotHideIt(inner: String) throws {
        let function = try state.load(inner, name: "=inner")
        try state.setGlobal("call") { writer in
            writer.append(function: "call") { arguments, _ in _ = try? arguments.state.call(function) }
        }
        let error = try luaError {
            try state.run(
                "local x <close> = setmetatable({}, { __close = function() call() end })\nerror('outer')", name: "=x")
        }
        #expect(error.description == "x:2: outer")
        #expect(error.traceback.contains("in function 'error'"))
    }

    @Test func hugeMessageIsCut() throws {
        let error = try luaError { try state.run("error(('x'):rep(1 << 20))", name: "=x") }
        #expect(error.message.utf8.count == 64 << 10)
    }
}

import LuaRuntime
import Testing

@Suite struct LuaSandboxTests {
    let state: LuaState

    init() throws {
        state = try LuaState(profile: .plugin, limits: .plugin)
    }

    @Test(arguments: [
        "io", "debug", "package", "dofile", "loadfile", "string.dump", "os.execute", "os.exit", "os.getenv",
        "os.remove", "os.rename", "os.tmpname", "os.setlocale", "loadstring",
    ])
    func whatReachesOutIsMissing(name: String) throws {
        #expect(try state.evaluate("return \(name)") == .nil)
    }

    @Test(arguments: ["io", "debug", "package", "os.execute", "ffi"])
    func requireFindsNothingElse(name: String) throws {
        #expect(try luaError { try state.run("require '\(name)'", name: "=x") }.message.contains("not available"))
    }

    @Test(arguments: [
        "os.time()", "os.clock()", "os.date('%Y')", "os.difftime(2, 1)", "('x'):upper()", "math.floor(1.5)",
        "utf8.char(8364)", "table.concat({1, 2}, ',')", "coroutine.wrap(function() return 1 end)()", "select('#', 1)",
        "table.unpack({1})", "next({1})", "require('string').format('%d', 1)", "collectgarbage('count')",
        "load('return 1')()", "load('return x', 'n', 't', { x = 5 })()", "table.remove({1})",
        "#table.move({1, 2}, 1, 2, 3)",
        "load(coroutine.wrap(function() coroutine.yield('return ') coroutine.yield('1') end))()",
        "setmetatable({}, { __index = { x = 1 } }).x",
    ])
    func whatIsHarmlessWorks(expression: String) throws {
        #expect(try state.evaluate("return \(expression)") != .nil)
    }

    @Test(arguments: [
        "assert(load('\\27Lua'))",
        "assert(load('\\27Lua', 'x', 'b'))",
        "assert(load(function() return nil end, 'x', 'b') == nil)",
        "assert(load(('x=1 '):rep(1 << 19) .. 'x='))",
        "setmetatable({}, { __gc = function() end })",
        "setmetatable({}, { __gc = true })",
        "getmetatable('').__index = {}",
        "setmetatable('', {})",
        "collectgarbage('stop')",
        "collectgarbage('generational')",
        "table.move({}, math.mininteger, math.maxinteger, 2)",
        "table.insert(setmetatable({}, { __len = function() return 1 << 50 end }), 1, 0)",
        "table.remove(setmetatable({}, { __len = function() return 1 << 50 end }), 1)",
        "table.sort(setmetatable({}, { __len = function() return 1 << 30 end }), rawequal)",
        "table.concat(setmetatable({}, { __index = rawlen }), '', 1, 1 << 40)",
        "table.unpack({}, 1, 1e8)",
        "string.rep('x', -1, ('y'):rep(1 << 30))()",
        "require('_G').io.open('/etc/passwd')",
        "load('return io', 'x', 't', nil)().open()",
        "_G.debug.getregistry()",
        "coroutine.running().x = 1",
        "getmetatable(coroutine.create(print)).x = 1",
        "error(setmetatable({}, { __tostring = function() while true do end end }))",
    ])
    func escapesEndInAnError(text: String) throws {
        #expect(throws: LuaError.self) { try state.run(text, name: "=x") }
        #expect(try state.evaluate("return ('still ' .. 'here'):upper()") == "STILL HERE")
    }

    @Test func metatableOfStringsIsHidden() throws {
        #expect(try state.evaluate("return getmetatable('')") == false)
    }

    @Test func metatableGivenItsFinalizerLaterHasNone() throws {
        let text = """
            local meta = {}
            local object = setmetatable({}, meta)
            meta.__gc = function() finalized = true end
            object = nil
            collectgarbage() collectgarbage()
            return finalized
            """
        #expect(try state.evaluate(text) == .nil)
    }

    @Test func scriptsHaveAllLibraries() throws {
        let state = try LuaState()
        for name in ["io.open", "debug.traceback", "package.path", "os.getenv", "string.dump", "dofile"] {
            #expect(try state.evaluate("return \(name)") != .nil, "\(name)")
        }
    }

    @Test(arguments: [LuaProfile.plugin, .script])
    func requireFindsModulesOfTheHost(profile: LuaProfile) throws {
        let state = try LuaState(profile: profile)
        try state.setModule("greeter") { writer in
            writer.appendTable { writer in
                writer.field("greet") { arguments, results in
                    results.append("hello " + (try arguments.string(arguments[1])))
                }
            }
        }
        #expect(try state.evaluate("return require('greeter').greet('you')") == "hello you")
    }
}

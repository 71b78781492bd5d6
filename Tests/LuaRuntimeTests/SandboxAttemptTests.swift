import LuaRuntime
import Testing

/// What somebody may try who wants to hold up or bring down the process: each attempt ends in an error, and the state
/// goes on.
@Suite struct SandboxAttemptTests {
    /// No instruction is counted while these run in C, or each of them takes long.
    static let slow = [
        "return (''):rep(1 << 62)",
        "return (''):rep(math.maxinteger, '')",
        "while true do pcall(string.rep, 'x', 1 << 24) end",
        "local s = ('x'):rep(1 << 23) while true do local t = s:upper() end",
        "local s = ('x'):rep(1 << 23) while true do local t = s .. 'y' end",
        "local a, b = ('x'):rep(1 << 23) .. 'a', ('x'):rep(1 << 23) .. 'a' while true do local c = a == b end",
        "local s = ('x'):rep(1 << 23) while true do utf8.len(s) end",
        "local t = {} for i = 1, 1 << 19 do t[i] = i end while true do table.sort(t, function(a, b) return a > b end) end",
        "local t = {} for i = 1, 1 << 19 do t[i] = -i end while true do table.sort(t) end",
        "local t = {} for i = 1, 1 << 18 do t[i] = i % 7 end while true do table.sort(t, rawequal) end",
        "local t = {} for i = 1, 1 << 19 do t[i] = i end while true do table.insert(t, 1, 0) table.remove(t, 1) end",
        "local t = {} for i = 1, 1 << 19 do t[i] = i end for i = 1, 1 << 19 do t[i] = nil end while true do next(t) end",
        "local t = {} while true do pcall(function() while true do t[#t + 1] = {} end end) end",
        "local t = {} while true do pcall(function() t[#t + 1] = ('x'):rep(1 << 20) .. #t end) end",
        "while true do collectgarbage() end",
        "while true do collectgarbage('step') end",
        "local t = {} for i = 1, 200 do t[i] = ('x'):rep(1 << 16) .. i end while true do table.concat(t) end",
        "while true do local s = string.format('%s%s', ('x'):rep(1 << 20), 'y') end",
        "local f = function() local s = ('x'):rep(1 << 22) while true do local t = s:lower() end end coroutine.wrap(f)()",
        "while true do local co = coroutine.create(function() local s = ('x'):rep(1 << 22):lower() end) coroutine.resume(co) end",
        "local co = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() while true do end end }) coroutine.yield() end) coroutine.resume(co) while true do coroutine.close(co) end",
        "return setmetatable({}, { __concat = function() while true do end end }) .. 'x'",
        "for _ in setmetatable({}, { __call = function() return 1 end }) do end",
        "goto again ::again:: goto again",
        "local t = setmetatable({}, { __index = function(t, k) return t[k + 1] end }) while true do pcall(function() return t[1] end) end",
        "return #setmetatable({}, { __len = function() while true do end end })",
        "while true do load(('x = 1 '):rep(1000)) end",
        // Each item comes by a long chain of metatables.
        "\(chain) return table.concat(t, '', 1, 1 << 40)",
        "\(chain) return table.unpack(t, 1, 900000)",
        "\(chain) table.move(t, 1, 1 << 40, 1, {})",
        "\(chain) table.insert(setmetatable({}, { __index = t, __len = function() return 1 << 40 end }), 1, 0)",
        "\(chain) table.remove(setmetatable({}, { __index = t, __len = function() return 1 << 40 end }), 1)",
        "\(chain) table.sort(setmetatable({}, { __index = t, __len = function() return 1 << 30 end }), rawequal)",
        "\(chain) return (('x'):rep(1 << 20):gsub('.', t))",
        "table.move({}, 1, 1 << 50, 2)",
        "table.move({}, 1, math.maxinteger - 1, 2)",
        // Each name is looked for in all the functions around it.
        """
        local parts, names = {}, {}
        for i = 1, 190 do names[i] = 'local a' .. i end
        for i = 1, 60 do parts[i] = 'return function() ' .. table.concat(names, ' ') .. ' ' end
        return load(table.concat(parts) .. ('x() '):rep(1 << 20))
        """,
        """
        local labels = {}
        for i = 1, 30000 do labels[i] = '::a' .. i .. '::' end
        local text = table.concat(labels, ' ')
        while true do load(function() local piece = text text = nil return piece end) text = table.concat(labels, ' ') end
        """,
        "local s = ('1'):rep(1 << 24) while true do local x = -s end",
        "local s, t = ('\\0'):rep(1 << 23) .. 'a', ('\\0'):rep(1 << 23) .. 'b' while true do local x = s < t end",
        // A coroutine that slept while the strings were made.
        """
        local s, t
        local co = coroutine.wrap(function() coroutine.yield() while true do local x = s < t end end)
        co()
        s, t = ('\\0'):rep(1 << 23) .. 'a', ('\\0'):rep(1 << 23) .. 'b'
        co()
        """,
        // Very much to be closed, each with an error.
        "local function f() local x <close> = setmetatable({}, { __close = error }) f() end f()",
        "local m = { __close = function() error('x') end } local function f() local x <close> = setmetatable({}, m) f() end f()",
        "return (('x'):rep(1 << 16):gsub('x', ('%0'):rep(1 << 16)))",
        "return (('x'):rep(1 << 12):gsub('()', ('%1'):rep(1 << 16)))",
    ]

    /// A table `t` that is at the end of a chain of metatables, at whose other end each item is a string.
    private static let chain =
        "local t = setmetatable({}, { __index = type }) for _ = 1, 1900 do t = setmetatable({}, { __index = t }) end"

    @Test(arguments: slow) func whatWouldHoldUpTheProcessIsStopped(text: String) throws {
        let state = try LuaState(profile: .plugin, limits: LuaLimits(memory: 64 << 20, time: .milliseconds(50)))
        do {
            try state.run(text, name: "=x")
            // Done at once is as good.
        } catch {
            #expect(error.kind == .timeout || error.kind == .memory)
        }
        #expect(try state.evaluate("return ('still ' .. 'here'):upper()") == "STILL HERE")
    }

    /// These fail at once, or do nothing.
    static let futile = [
        "return ('%99999d'):format(1)",
        "return ('%d'):format(('x'):rep(100))",
        "return ('%' .. ('0'):rep(1000) .. 'd'):format(1)",
        "local function f() return 1 + f() end f()",
        "local function f() return f() .. 'x' end f()",
        "local function f() return pcall(f) and 1 end return f() + nil",
        "local t = {} t[1] = t setmetatable(t, { __index = t }) return t.x.y",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x",
        "local f = load(('('):rep(100000)) f()",
        "return load('return ' .. ('{'):rep(100000))()",
        "return load(('a.'):rep(200000) .. 'a = 1')()",
        "table.sort({ 1, 2, 3, 'x' })",
        "table.sort({ 3, 1, 2, 5, 4, 9, 8, 7, 6, 0, 1, 2 }, function() return true end) error('order')",
        "table.sort({ 3, 1, 2 }, coroutine.yield)",
        "error(setmetatable({}, { __tostring = function() error('again') end }))",
        "error(setmetatable({}, { __tostring = function() return {} end }))",
        "error(setmetatable({}, { __tostring = function() return ('x'):rep(1 << 30) end }))",
        "error(setmetatable({}, { __name = ('x'):rep(1 << 20) }))",
        "error()", "error(nil)", "error(coroutine.create(print))", "error(('x'):rep(1 << 24))",
        "xpcall(error, function(e) error(e) end) error('x')",
        "local x <close> = setmetatable({}, { __close = function() error('closing') end }) error('x')",
        "local x <close> = 5",
        "setmetatable(_G, { __index = function(_, name) error(name) end }) return undefined",
        "string.find = nil; ('x'):find('x')",
        "string = nil; error(('x'):upper())",
        "getmetatable('').__add = 1",
        "setmetatable({}, { __gc = 1 })",
        "local m = setmetatable({}, { __newindex = function() error('new') end }) m.__gc = 1",
        "coroutine.wrap(coroutine.wrap)()()",
        "coroutine.resume(coroutine.running()) error('x')",
        "local co co = coroutine.wrap(function() co() end) co()",
        "coroutine.close(coroutine.running())",
        "local function f(n) return coroutine.wrap(function() return f(n + 1) end)() end f(0)",
        "string.gsub('x', 'x', function() coroutine.yield() end)",
        "return utf8.char(1 << 40)", "return utf8.codepoint(('x'):rep(1 << 22), 1, -1)",
        "return table.unpack({}, 1, 1 << 30)", "return select(1 << 40, 1) + 1", "return ('x'):byte(1, -1) + {}",
        "return os.date(('%c'):rep(1 << 20)) + 1", "return os.date('%Ez') .. nil", "return os.time({}) ",
        "return math.random(0, -1)", "return tonumber('1', 99)", "rawset(nil, 1, 1)", "rawlen(5)",
        "return load(function() return 5 end)()", "return load(function() error('x') end)()",
        "load('x', 'x', 'b')()", "load(string.char(27, 76, 117, 97, 84), 'x', 'bt')()",
        "require('os').exit()", "require('debug')", "require('string').dump(print)", "_ENV.io.open('x')",
        "collectgarbage('setpause', 1)", "collectgarbage('incremental')",
        "string.pack(('b'):rep(5000), 1)", "string.packsize((' '):rep(1 << 20))",
        "string.unpack((' '):rep(1 << 20), '')",
        "string.format(('%s'):rep(256), table.unpack({}, 1, 256))",
        "table.concat({ 1, 2, {} })", "table.concat({}, '', 1, 2)",
        "table.move({}, math.mininteger, math.maxinteger, 2)",
        "table.insert({ 1 }, 5, 1)", "table.insert({})", "table.remove({ 1 }, 5)",
        "table.unpack({}, 1, math.maxinteger)",
        "load('x', 'x', 't', {}, 5)()", "load(function() return {} end)()", "load({})",
        "os.exit(1)", "os.execute('true')", "os.getenv('HOME')", "debug.sethook()", "dofile('/etc/passwd')",
    ]

    @Test(arguments: futile) func whatWouldBreakTheStateIsAnError(text: String) throws {
        let state = try LuaState(profile: .plugin, limits: .plugin)
        #expect(throws: LuaError.self) { try state.run(text, name: "=x") }
        #expect(try state.evaluate("return 1 + 1") == 2)
    }

    /// A plugin may break what is its own; the host's functions are not in its reach.
    @Test func otherStatesAreNotTouched() throws {
        let (first, second) = (
            try LuaState(profile: .plugin, limits: .plugin), try LuaState(profile: .plugin, limits: .plugin)
        )
        try first.run("string.upper = nil; table.concat = error; math.pi = 4; _G.print = nil", name: "=x")
        #expect(try second.evaluate("return ('x'):upper() .. table.concat({ 1, 2 }) .. type(print)") == "X12function")
    }
}

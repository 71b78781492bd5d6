import LuaRuntime
import Testing

/// Our pattern functions against Lua's own, on random subjects and patterns: the same results and the same errors.
@Suite struct PatternTests {
    /// Calls every function with random arguments, and lists what came of it, a line a call.
    private static let program = """
        local seed, count = ...
        local state = seed
        local function random(n)
          state = (state * 6364136223846793005 + 1442695040888963407)
          return (state >> 33) % n + 1
        end
        local function pick(t) return t[random(#t)] end
        local function text(alphabet, longest)
          local t = {}
          for i = 1, random(longest) - 1 do t[i] = pick(alphabet) end
          -- Long ones are searched in another way.
          if random(10) == 1 then t[#t + 1] = ("x"):rep(600) .. (t[#t] or "") end
          return table.concat(t)
        end
        local subjects = { "a", "b", "a", "b", "c", "A", "(", ")", "[", "]", "1", "2", " ", "\\0", "\\n", "-", "%", "é", "_" }
        local items = {
          "a", "b", "c", ".", "%a", "%d", "%s", "%w", "%A", "%W", "%p", "%x", "%u", "%l", "%c", "%g", "[ab]", "[^ab]",
          "[a-c]", "[%d_]", "[]]", "[^]]", "[a-]", "[%a-z]", "%%", "%-", "\\0", "é", "(", ")", "()", "(a", "b)", "%1", "%2",
          "%b()", "%bab", "%f[%w]", "%f[^%a]", "^", "$", "[", "]", "%", "%b", "%f", "-", "[a", "[^", "%0",
        }
        local suffixes = { "", "", "", "*", "+", "-", "?" }
        local function pattern()
          local t = { random(6) == 1 and "^" or "" }
          for i = 1, random(6) do t[#t + 1] = pick(items) .. pick(suffixes) end
          if random(8) == 1 then t[#t + 1] = "$" end
          return table.concat(t)
        end
        local replacements = {
          "x", "%0", "%1", "<%1%2>", "%%", "%", "%x", "", 5, { a = "1", b = false, ab = 2 }, { a = {} },
          function(a, b) return b end, function(a) return a end, function() return {} end, function() error("x", 0) end,
        }
        local function show(...)
          local t = table.pack(...)
          for i = 1, t.n do t[i] = math.type(t[i]) == "integer" and "#" .. t[i] or tostring(t[i]) end
          return table.concat(t, "|")
        end
        local lines = {}
        local function add(s, p, what, ...) lines[#lines + 1] = ("%q %q "):format(s, p) .. what .. show(...) end
        for _ = 1, count do
          local s, p, init = text(subjects, 14), pattern(), random(20) - 10
          add(s, p, "find ", pcall(string.find, s, p))
          add(s, p, "find at " .. init .. " ", pcall(string.find, s, p, init))
          add(s, p, "plain ", pcall(string.find, s, p, init, true))
          add(s, p, "match ", pcall(string.match, s, p))
          add(s, p, "match at " .. init .. " ", pcall(string.match, s, p, init))
          add(s, p, "gsub ", pcall(string.gsub, s, p, pick(replacements)))
          add(s, p, "gsub some ", pcall(string.gsub, s, p, pick(replacements), random(4) - 2))
          add(s, p, "gmatch ", pcall(function()
            local found = {}
            for a, b in s:gmatch(p, init) do found[#found + 1] = show(a, b) end
            return table.concat(found, ";")
          end))
          add(s, p, "rep ", pcall(string.rep, s, random(6) - 2, p))
        end
        return table.concat(lines, "\\n")
        """

    @Test(arguments: [1, 2, 3, 4]) func theyDoWhatLuasOwnDo(seed: Int64) throws {
        let count: Int64 = 1_500
        let state = try LuaState()
        let ours = try #require(
            try state.call(state.load(Self.program, name: "=x"), [.integer(seed), .integer(count)]).first?.text)
        let theirs = try resultInPlainLua(Self.program, [seed, count])
        let pairs = zip(ours.split(separator: "\n"), theirs.split(separator: "\n"))
        let differences = pairs.filter { $0 != $1 }.map { "\($0)\n  Lua's own: \($1)" }
        #expect(differences.prefix(5) == [])
        #expect(ours.utf8.count == theirs.utf8.count)
    }

    /// What random patterns do not come to: limits, long ones, and arguments of the wrong kind.
    static let corners = [
        "return string.find(('a'):rep(300), ('a?'):rep(300) .. ('a'):rep(300))",
        "return string.find('', ('a*'):rep(250))",
        "return string.find(('a'):rep(300), ('a*'):rep(250))",
        "return string.find(('x'):rep(50), ('(x)'):rep(40))",
        "return string.find(('x'):rep(32), ('(x)'):rep(32))",
        "return string.match('key = value', '^(%w+)%s*=%s*(%w+)$')",
        "return string.match('hello', '()ll()')",
        "return string.gsub('hello world', '%w+', '%0 %0', 1)",
        "return string.gsub('abc', '', '-')",
        "return string.gsub('abc', 'b*', '-')",
        "return string.gsub('THE (quick) fox', '%f[%a]%a+', string.lower)",
        "return string.gsub('$name is $what', '%$(%w+)', { name = 'Lua', what = false })",
        "return string.find('a\\0b', '\\0'), string.find('a\\0b', '%z')",
        "return string.find('abc', 'b', 2^53)", "return string.find('abc', '', 4)", "return string.find('abc', '', 5)",
        "return string.find('abc', 'b', math.mininteger)", "return string.find('abc', 'b', math.maxinteger)",
        "return string.find('abc', 'b', 1.5)", "return string.find(5, 5)", "return string.find({}, 'x')",
        "return string.gsub('x', 'x')", "return string.gsub('x', 'x', nil)", "return string.gsub('x', 'x', print)",
        "return string.gsub('x', 'x', 'y', 'z')", "return string.rep('x', 1 << 62)", "return string.rep('', 5, 'ab')",
        "return string.rep('ab', 3, '')", "return string.rep('x', -1)", "return #string.rep('abc', 1000, ', ')",
        "local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t+1] = k .. v end return table.concat(t)",
        "local t = {} for w in ('one two'):gmatch('^%a+') do t[#t+1] = w end return #t",
        "local f = ('abc'):gmatch('.') f() f() return f(), f(), f()",
    ]

    @Test(arguments: corners) func cornersAreThoseOfLuasOwn(source: String) throws {
        let program = """
            local seed = ...
            local function show(...)
              local t = table.pack(...)
              for i = 1, t.n do t[i] = tostring(t[i]) end
              return table.concat(t, "|")
            end
            return show(pcall(function() \(source) end))
            """
        let state = try LuaState()
        let ours = try #require(try state.call(state.load(program, name: "=x"), [.integer(0)]).first?.text)
        let theirs = try resultInPlainLua(program, [0])
        #expect(ours == theirs)
    }

    static let bombs = [
        "return ('a'):rep(3000):find('.-.-.-.-b')",
        "return ('a'):rep(3000):match('(.-)(.-)(.-)(.-)b')",
        "return ('a'):rep(3000):gsub('.-.-.-.-b', '')",
        "for _ in ('a'):rep(3000):gmatch('.-.-.-.-b') do end",
        "return ('('):rep(300000):gsub('%b()', '')",
        "while true do pcall(string.find, ('a'):rep(3000), '.-.-.-.-b') end",
        "return ('a'):rep(3000):find(('a?'):rep(150) .. ('a'):rep(40) .. 'b')",
        "local s = ('a'):rep(1 << 20) return s:find(('[' .. ('b'):rep(1 << 20) .. ']*') .. 'c')",
        "return pcall(string.find, ('a'):rep(3000), '.-.-.-.-b')",
        "local co = coroutine.wrap(function() return ('a'):rep(3000):find('.-.-.-.-b') end) while true do pcall(co) end",
    ]

    @Test(arguments: bombs) func bombsEndWithTheTimeLimit(source: String) throws {
        let state = try LuaState(profile: .plugin, limits: LuaLimits(memory: 64 << 20, time: .milliseconds(50)))
        #expect(try luaError { try state.run(source, name: "@bomb.lua") }.kind == .timeout)
        #expect(try state.evaluate("return ('x'):find('x')") == 1)
    }

    @Test func scriptsAreInterruptedInABomb() throws {
        let state = try LuaState()
        let interrupt = state.interrupt
        try state.setGlobal("started") { writer in
            writer.append(function: "started") { _, _ in interrupt.raise() }
        }
        let text = "local function f() return ('a'):rep(3000):find('.-.-.-.-b', started()) end return f()"
        let error = try luaError { try state.run(text, name: "@bomb.lua") }
        #expect(error.kind == .interrupted)
        #expect(error.line == 1)
    }
}

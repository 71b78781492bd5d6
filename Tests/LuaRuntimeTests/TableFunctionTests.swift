import LuaRuntime
import Testing

/// The plugins' table functions against Lua's own, on random tables: the same results and the same errors.
@Suite struct TableFunctionTests {
    private static let program = """
        local seed, count = ...
        local state = seed
        local function random(n)
          state = (state * 6364136223846793005 + 1442695040888963407)
          return (state >> 33) % n + 1
        end
        local function pick(t) return t[random(#t)] end
        local items = { "a", "b", "", 1, 2.5, 30 }
        local function list()
          local t = {}
          for i = 1, random(8) - 1 do t[i] = pick(items) end
          if random(12) == 1 then t[random(6)] = pick{ true, {} } end
          return t
        end
        -- By metamethods, which are told of.
        local told = {}
        local function proxy(t)
          return setmetatable({}, {
            __index = function(_, k) told[#told + 1] = "get" .. tostring(k) return t[k] end,
            __newindex = function(_, k, v) told[#told + 1] = "set" .. tostring(k) t[k] = v end,
            __len = function() told[#told + 1] = "len" return #t end,
          })
        end
        local positions = { 0, 1, 2, 3, 5, 7, 8, 9, -1, "2", 2.0, 2.5, "x", math.maxinteger, math.mininteger }
        local function show(v)
          if type(v) ~= "table" then return math.type(v) == "integer" and "#" .. v or type(v) == "function" and "f" or tostring(v) end
          local parts = {}
          for i = -2, 14 do if rawget(v, i) ~= nil then parts[#parts + 1] = i .. "=" .. tostring(type(v[i]) == "table" or v[i]) end end
          return "{" .. table.concat(parts, ",") .. "}"
        end
        local lines = {}
        local function try(name, t, ...)
          told = {}
          local seen = random(3) == 1 and proxy(t) or t
          local results = table.pack(pcall(table[name], seen, ...))
          for i = 1, results.n do
            -- Releases of Lua do not agree on which argument of `remove` is bad.
          results[i] = results[i] == seen and "itself"
            or show(results[i]):gsub("0x%x+", "address"):gsub("argument #%d", "argument")
          end
          lines[#lines + 1] = ("%s(%s) = %s; %s; %s"):format(
            name, table.concat({ ... }, " "), table.concat(results, " "), show(t), table.concat(told, " "))
        end
        for _ = 1, count do
          try("insert", list(), pick(items))
          try("insert", list(), pick(positions), pick(items))
          try("remove", list())
          try("remove", list(), pick(positions))
          try("concat", list(), pick{ "", ", ", 5 })
          try("concat", list(), ",", random(4) - 1, random(8) - 1)
          local first = random(6) - 2
          try("unpack", list(), first, first + random(9) - 3)
          try("unpack", list())
          try("move", list(), random(5) - 1, random(7) - 1, random(6) - 1)
          try("move", list(), pick(positions), random(4), pick(positions))
        end
        local into = {}
        lines[#lines + 1] = show(table.move({ 1, 2, 3 }, 1, 3, 2, into)) .. show(into)
        for _, call in ipairs{
          function() table.insert() end, function() table.insert({}) end, function() table.insert({}, 1, 2, 3) end,
          function() table.insert(5, 1) end, function() table.remove() end, function() table.concat("x") end,
          function() table.concat({ 1 }, {}) end, function() table.move({}, 1, 2) end,
          function() table.move({}, 1, 2, 3, 4) end, function() table.unpack() end,
          function() table.move({}, 1, math.maxinteger, 2) end, function() table.move({}, 0, math.maxinteger, 2) end,
          function() table.unpack({}, 1, 1e8) end, function() table.unpack({}, math.mininteger, math.maxinteger) end,
          function() return table.concat({}, "x", math.maxinteger, math.maxinteger - 1) end,
        } do
          lines[#lines + 1] = tostring(select(2, pcall(call)))
        end
        return table.concat(lines, "\\n")
        """

    @Test(arguments: [1, 2, 3]) func theyDoWhatLuasOwnDo(seed: Int64) throws {
        let count: Int64 = 300
        let state = try LuaState(profile: .plugin)
        let ours = try #require(
            try state.call(state.load(Self.program, name: "=x"), [.integer(seed), .integer(count)]).first?.text)
        let theirs = try resultInPlainLua(Self.program, [seed, count])
        let pairs = zip(ours.split(separator: "\n"), theirs.split(separator: "\n"))
        let differences = pairs.filter { $0 != $1 }.map { "\($0)\n  Lua's own: \($1)" }
        #expect(differences.prefix(5) == [])
        #expect(ours.utf8.count == theirs.utf8.count)
    }
}

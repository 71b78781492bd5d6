import LuaRuntime

/// Looks up which names a Lua state has, for completion and hints, without running anything of the script's.
struct LuaNames {
    private let state: LuaState
    private let list: LuaFunction

    /// How many names are looked at.
    private static let limits = LuaSnapshotLimits(depth: 2, items: 5_000)

    /// Taken before a script may change what it uses.
    private static let source = """
        local next, rawget, type, select, getmetatable, globals =
          next, rawget, type, select, debug.getmetatable, _G

        local function index(value)
          local meta = getmetatable(value)
          local index = type(meta) == "table" and rawget(meta, "__index")
          return type(index) == "table" and index or nil
        end

        local function field(value, name)
          for _ = 1, 8 do
            local found
            if type(value) == "table" then found = rawget(value, name) end
            if found ~= nil then return found end
            value = index(value)
            if value == nil then return nil end
          end
        end

        return function(...)
          local value = globals
          for i = 1, select("#", ...) do
            value = field(value, (select(i, ...)))
            if value == nil then return {} end
          end
          local names, left = {}, 5000
          for _ = 1, 8 do
            if type(value) == "table" then
              for name, item in next, value do
                if type(name) == "string" and names[name] == nil then names[name] = type(item) end
                left = left - 1
                if left == 0 then return names end
              end
            end
            value = index(value)
            if value == nil then break end
          end
          return names
        end
        """

    init(_ state: LuaState) throws(LuaError) {
        self.state = state
        let chunk = try state.load(Self.source, name: "=\(Traceback.hostChunk)")
        list = try state.call(chunk) { _ in
        } results: { (frame) throws(LuaError) in
            try frame.function(frame[1])
        }
    }

    /// The names in the value that a path of names leads to, each with the type of what it names; those of the globals
    /// for an empty path.
    func names(in path: [String]) -> [String: String] {
        let result = try? state.call(list) { writer in
            for name in path { writer.append(name) }
        } results: { (frame) throws(LuaError) in
            try frame.value(frame[1], limits: Self.limits)
        }
        guard case .table(let table) = result else { return [:] }
        return Dictionary(
            table.pairs.compactMap { pair in pair.key.text.map { ($0, pair.value.text ?? "") } },
            uniquingKeysWith: { first, _ in first })
    }
}

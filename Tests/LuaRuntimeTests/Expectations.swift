import CLua
import LuaRuntime
import Testing

/// The error that the body ends with.
func luaError(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws -> LuaError {
    try #require(throws: LuaError.self, sourceLocation: sourceLocation, performing: body)
}

extension LuaState {
    /// Runs a line and gives its first result.
    func evaluate(_ text: String) throws(LuaError) -> LuaValue {
        try run(text, name: "=test").first ?? .nil
    }
}

/// What a program gives in a state that has Lua's own functions.
func resultInPlainLua(_ source: String, _ arguments: [Int64]) throws -> String {
    let state = try #require(luaL_newstate())
    defer { lua_close(state) }
    luaL_openlibs(state)
    try #require(luaL_loadbufferx(state, source, source.utf8.count, "=x", "t") == LUA_OK)
    for argument in arguments { lua_pushinteger(state, argument) }
    let status = lua_pcallk(state, Int32(arguments.count), 1, 0, 0, nil)
    var length = 0
    let bytes = try #require(lua_tolstring(state, -1, &length))
    let text = String(decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
    try #require(status == LUA_OK, "\(text)")
    return text
}

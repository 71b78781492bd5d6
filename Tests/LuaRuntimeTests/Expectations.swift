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

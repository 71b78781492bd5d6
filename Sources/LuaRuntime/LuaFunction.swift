/// A function of a state, kept for the host to call.
public struct LuaFunction: Sendable, Equatable {
    public let reference: LuaReference

    init(_ reference: LuaReference) {
        self.reference = reference
    }
}

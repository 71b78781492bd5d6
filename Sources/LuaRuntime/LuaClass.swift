/// How objects of a Swift class look in Lua: a name and methods. Made by ``LuaState/define(_:as:_:)``.
public struct LuaClass<Object: AnyObject>: Sendable {
    /// What error messages call it.
    public let name: String
    let reference: LuaReference
}

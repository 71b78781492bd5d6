/// A script that is in force, as `scripts()` lists it.
public struct ScriptDescription: Sendable {
    /// `partitioner`, `interceptor`, `serializer`, or `script` for one that is all of them.
    public var role: String
    /// The file, or what the text was called.
    public var source: String
    /// `name` in the script's table, or else the source.
    public var name: String
    /// `version` in the script's table.
    public var version: String?
    /// How many versions the role has had, with this one.
    public var generation: Int
    /// How many Lua states run it.
    public var instances: Int
    /// How many records the scripts of the role have failed with.
    public var errors: Int
    /// How often the version before took over again.
    public var rollbacks: Int
    /// Bytes that its Lua states hold.
    public var memory: Int
}

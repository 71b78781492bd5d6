/// How much of a table a snapshot copies. What is left out is marked as truncated.
public struct LuaSnapshotLimits: Sendable {
    /// How many tables deep; tables below it come out empty.
    public var depth: Int
    /// How many pairs in all.
    public var items: Int
    /// How many bytes the strings in tables have in all: what is one string in Lua is a copy for each place that holds it.
    public var bytes: Int

    public init(depth: Int = 16, items: Int = 100_000, bytes: Int = 64 << 20) {
        self.depth = depth
        self.items = items
        self.bytes = bytes
    }
}

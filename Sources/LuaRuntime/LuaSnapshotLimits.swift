/// How much of a table a snapshot copies. What is left out is marked as truncated.
public struct LuaSnapshotLimits: Sendable {
    /// How many tables deep; tables below it come out empty.
    public var depth: Int
    /// How many pairs in all.
    public var items: Int

    public init(depth: Int = 16, items: Int = 100_000) {
        self.depth = depth
        self.items = items
    }
}

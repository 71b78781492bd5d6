/// What a table held when it was looked at, in the order in which Lua gives it.
public struct LuaTable: Sendable, Equatable {
    public struct Pair: Sendable, Equatable {
        public var key: LuaValue
        public var value: LuaValue

        public init(key: LuaValue, value: LuaValue) {
            self.key = key
            self.value = value
        }
    }

    public var pairs: [Pair]
    /// Whether the limits of the snapshot left something out.
    public var isTruncated: Bool
    /// Tells tables of a state apart while they live; 0 for a table made by the host.
    public var address: UInt

    public init(_ pairs: [Pair] = [], isTruncated: Bool = false, address: UInt = 0) {
        self.pairs = pairs
        self.isTruncated = isTruncated
        self.address = address
    }

    /// A table of fields.
    public init(fields: KeyValuePairs<String, LuaValue>) {
        self.init(fields.map { Pair(key: .string($0.key), value: $0.value) })
    }

    /// A table of items, counted from 1.
    public init(items: [LuaValue]) {
        self.init(items.enumerated().map { Pair(key: .integer(Int64($0.offset) + 1), value: $0.element) })
    }

    /// The field of that name: a search, meant for small tables.
    public subscript(name: String) -> LuaValue? {
        let key = LuaValue.string(name)
        return pairs.first { $0.key == key }?.value
    }

    /// Two tables are equal when they hold the same, wherever they came from.
    public static func == (left: LuaTable, right: LuaTable) -> Bool {
        left.pairs == right.pairs && left.isTruncated == right.isTruncated
    }
}

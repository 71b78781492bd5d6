import CLuaShim

/// What a slot of Lua's stack holds.
public enum LuaType: Sendable, Equatable {
    /// There is no such argument or result.
    case absent
    case `nil`
    case boolean
    case integer
    case number
    case string
    case table
    case function
    /// An object of the host.
    case object
    /// The record of a hook.
    case record
    /// A coroutine or a userdata that is not the host's.
    case other

    private static let all: [LuaType] = [
        .absent, .nil, .boolean, .integer, .number, .string, .table, .function, .object, .record, .other,
    ]

    init(_ type: lk_type) {
        let index = Int(type.rawValue)
        self = Self.all.indices.contains(index) ? Self.all[index] : .other
    }
}

/// A value of Lua, copied out of its state or on its way into one.
public enum LuaValue: Sendable, Equatable {
    case `nil`
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    /// Lua's strings are bytes: they may hold NUL and need not be UTF-8.
    case string([UInt8])
    case table(LuaTable)
    case function(LuaFunction)
    /// Something that stays in Lua and is kept for the host.
    case reference(LuaReference)
    /// What has no counterpart: its type, or the class of a host object, and its address.
    case other(type: String, address: UInt)

    /// The UTF-8 of a Swift string.
    public static func string(_ text: String) -> LuaValue {
        .string(Array(text.utf8))
    }

    /// The text of a string, with what is not UTF-8 replaced.
    public var text: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The field of a table; nil in Lua's sense becomes Swift's.
    public subscript(name: String) -> LuaValue? {
        guard case .table(let table) = self else { return nil }
        return table[name]
    }
}

extension LuaValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(nilLiteral: ()) { self = .nil }
}

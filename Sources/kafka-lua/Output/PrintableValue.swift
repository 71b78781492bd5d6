/// A value as it is printed: a tree that whoever made it has freed of cycles.
enum PrintableValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    /// Bytes, usually UTF-8.
    case string([UInt8])
    indirect case table(PrintableTable)
    /// Something without a value that could be written, such as `function: 0x55…` or a table within itself.
    case opaque(String)

    static func string(_ text: String) -> PrintableValue { .string(Array(text.utf8)) }

    /// A table with items only.
    static func list(_ items: [PrintableValue]) -> PrintableValue { .table(PrintableTable(items: items)) }
}

/// A Lua table: items 1, 2, 3 … and fields with other keys.
struct PrintableTable: Hashable, Sendable {
    struct Field: Hashable, Sendable {
        var key: PrintableValue
        var value: PrintableValue
    }

    var items: [PrintableValue] = []
    var fields: [Field] = []
    /// Entries that are in the table but not here, because the maker of the tree cut it.
    var omitted = 0

    var count: Int { items.count + fields.count + omitted }
}

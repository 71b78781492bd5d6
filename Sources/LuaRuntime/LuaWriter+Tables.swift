import CLuaShim

extension LuaWriter {
    /// A table: the body writes keys and values in turn. The counts are a hint for what it will hold.
    public mutating func appendTable<Failure: Error>(
        items: Int = 0, fields: Int = 0, metatable: LuaReference? = nil,
        _ body: (inout LuaWriter) throws(Failure) -> Void
    ) throws(Failure) {
        lk_put_table(vm, Int32(clamping: items), Int32(clamping: fields))
        if let metatable, metatable.released === state.released { lk_put_metatable(vm, metatable.number) }
        defer { lk_put_end(vm) }
        try body(&self)
    }

    public mutating func field(_ name: StaticString, _ value: Bool) {
        append(literal: name)
        append(value)
    }

    public mutating func field(_ name: StaticString, _ value: Int) {
        append(literal: name)
        append(value)
    }

    public mutating func field(_ name: StaticString, _ value: Int64) {
        append(literal: name)
        append(value)
    }

    public mutating func field(_ name: StaticString, _ value: Double) {
        append(literal: name)
        append(value)
    }

    public mutating func field(_ name: StaticString, _ value: String) {
        append(literal: name)
        append(value)
    }

    /// A function of the host as a field, which is what modules are made of.
    public mutating func field(_ name: StaticString, function body: @escaping LuaHostFunction) {
        append(literal: name)
        append(function: name.description, body)
    }

    public mutating func append(_ value: LuaValue) {
        switch value {
        case .nil, .other: appendNil()
        case .boolean(let value): append(value)
        case .integer(let value): append(value)
        case .number(let value): append(value)
        case .string(let bytes): append(bytes)
        case .function(let function): append(function)
        case .reference(let reference): append(reference)
        case .table(let table):
            appendTable(items: table.leadingItems, fields: table.pairs.count - table.leadingItems) { writer in
                for pair in table.pairs where !pair.key.isUnfitAsKey {
                    writer.append(pair.key)
                    writer.append(pair.value)
                }
            }
        }
    }
}

extension LuaTable {
    /// How many of the first pairs are the items 1, 2, 3 and so on.
    fileprivate var leadingItems: Int {
        var count = 0
        for pair in pairs {
            guard pair.key == .integer(Int64(count) + 1) else { break }
            count += 1
        }
        return count
    }
}

extension LuaValue {
    /// Lua refuses nil and not-a-number as keys.
    fileprivate var isUnfitAsKey: Bool {
        switch self {
        case .nil, .other: true
        case .number(let value): value.isNaN
        default: false
        }
    }
}

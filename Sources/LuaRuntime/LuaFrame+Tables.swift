import CLuaShim

// Tables are read raw, without their metamethods: no script runs while the host reads.
extension LuaFrame {
    /// The field of a table. The name must be a literal: it is known again by its address, so that asking makes no
    /// string.
    public func field(_ name: StaticString, of table: LuaSlot) throws(LuaError) -> LuaSlot {
        let index = name.withUTF8Buffer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { lk_field(vm, table.index, $0.baseAddress, $0.count) }
        }
        if index == 0 { try checkTable(table) }
        return LuaSlot(index: index, number: table.number, field: name)
    }

    /// The item of a table, counted from 1.
    public func item(_ number: Int, of table: LuaSlot) throws(LuaError) -> LuaSlot {
        let index = lk_item(vm, table.index, Int64(number))
        if index == 0 { try checkTable(table) }
        return LuaSlot(index: index, number: table.number, field: table.field)
    }

    /// How many items a table has, by its border.
    public func itemCount(_ table: LuaSlot) throws(LuaError) -> Int {
        guard lk_type_at(vm, table.index) == LK_TABLE else { throw mismatch(table, "table") }
        return lk_count_at(vm, table.index)
    }

    /// Visits each pair of a table, in Lua's order, until the body gives back false. What the body looks up is dropped
    /// with its pair.
    public func forEach(
        of table: LuaSlot, _ body: (_ key: LuaSlot, _ value: LuaSlot) throws(LuaError) -> Bool
    ) throws(LuaError) {
        guard lk_type_at(vm, table.index) == LK_TABLE else { throw mismatch(table, "table") }
        let top = lk_top(vm)
        let key = lk_begin(vm)
        guard key != 0 else { throw .outOfMemory }
        defer { lk_set_top(vm, top) }
        while lk_next(vm, table.index, key) {
            let goesOn = try body(
                LuaSlot(index: key, number: table.number, field: table.field),
                LuaSlot(index: key + 1, number: table.number, field: table.field))
            if !goesOn { return }
        }
    }

    /// Runs a body whose look-ups are dropped when it ends, for loops over many items.
    public func scoped<Result>(_ body: () throws(LuaError) -> Result) throws(LuaError) -> Result {
        let top = lk_top(vm)
        defer { lk_set_top(vm, top) }
        return try body()
    }

    private func checkTable(_ slot: LuaSlot) throws(LuaError) {
        guard lk_type_at(vm, slot.index) == LK_TABLE else { throw mismatch(slot, "table") }
        throw .outOfMemory
    }
}

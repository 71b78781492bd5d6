import CLuaShim

extension LuaFrame {
    /// A copy of the slot's value. Tables are copied as they are, without metamethods, up to the limits.
    public func value(_ slot: LuaSlot, limits: LuaSnapshotLimits = LuaSnapshotLimits()) throws(LuaError) -> LuaValue {
        var limits = limits
        return try value(slot, limits: &limits)
    }

    /// Copies of all arguments or results.
    public func values(limits: LuaSnapshotLimits = LuaSnapshotLimits()) throws(LuaError) -> [LuaValue] {
        var limits = limits
        var values: [LuaValue] = []
        values.reserveCapacity(count)
        for number in 0..<count { values.append(try value(self[number + 1], limits: &limits)) }
        return values
    }

    /// The text that `tostring` gives, which may run the metamethods of a script.
    public func description(_ slot: LuaSlot) throws(LuaError) -> String {
        let top = lk_top(vm)
        defer { lk_set_top(vm, top) }
        guard lk_to_string(vm, slot.index) == LK_OK else { throw LuaError(lastOf: vm, value: nil) }
        return try string(LuaSlot(index: top + 1, number: slot.number, field: slot.field))
    }

    private func value(_ slot: LuaSlot, limits: inout LuaSnapshotLimits) throws(LuaError) -> LuaValue {
        switch type(slot) {
        case .absent, .nil: .nil
        case .boolean: .boolean(truth(slot))
        case .integer: .integer(try integer(slot))
        case .number: .number(try number(slot))
        case .string: .string(Array(try unsafeBytes(slot)))
        case .table: .table(try table(slot, limits: &limits))
        case .function: .function(try function(slot))
        case .object, .record, .other:
            .other(type: String(cString: lk_type_name_at(vm, slot.index)), address: lk_address_at(vm, slot.index))
        }
    }

    private func table(_ slot: LuaSlot, limits: inout LuaSnapshotLimits) throws(LuaError) -> LuaTable {
        var table = LuaTable(address: lk_address_at(vm, slot.index))
        // Lent to the closure as a whole, since what it is called with may not overlap `limits`.
        var rest = limits
        rest.depth -= 1
        try forEach(of: slot) { (key, item) throws(LuaError) in
            guard rest.depth >= 0, rest.items > 0 else {
                table.isTruncated = true
                return false
            }
            rest.items -= 1
            rest.bytes -= byteCount(key) + byteCount(item)
            guard rest.bytes >= 0 else {
                table.isTruncated = true
                return false
            }
            let pair = LuaTable.Pair(key: try value(key, limits: &rest), value: try value(item, limits: &rest))
            table.pairs.append(pair)
            return true
        }
        (limits.items, limits.bytes) = (rest.items, rest.bytes)
        return table
    }

    private func byteCount(_ slot: LuaSlot) -> Int { bytesIfString(slot)?.count ?? 0 }
}

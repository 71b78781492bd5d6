import CLuaShim

extension LuaFrame {
    /// The type as Lua says it, or the class of a host object.
    public func typeName(_ slot: LuaSlot) -> String { String(cString: lk_type_name_at(vm, slot.index)) }

    /// An address that tells tables, functions and objects apart while they live; 0 for other values.
    public func address(_ slot: LuaSlot) -> UInt { lk_address_at(vm, slot.index) }

    /// The address of the value's metatable; nil if it has none.
    public func metatableAddress(of slot: LuaSlot) -> UInt? {
        let top = lk_top(vm)
        defer { lk_set_top(vm, top) }
        let metatable = lk_metatable(vm, slot.index)
        return metatable == 0 ? nil : lk_address_at(vm, metatable)
    }
}

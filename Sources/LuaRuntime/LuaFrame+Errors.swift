import CLuaShim

extension LuaFrame {
    /// The error of a value that has another type than wanted, named as Lua names it.
    public func mismatch(_ slot: LuaSlot, _ expected: String) -> LuaError {
        let actual = String(cString: lk_type_name_at(vm, slot.index))
        if slot.field != nil || function == nil {
            let article = "aeiou".contains(expected.first ?? "x") ? "an" : "a"
            return LuaError("\(place(slot)) must be \(article) \(expected), got \(actual)")
        }
        if slot.number == 0, let function {
            return LuaError("calling '\(function)' on bad self (\(expected) expected, got \(actual))")
        }
        return invalid(slot, "\(expected) expected, got \(actual)")
    }

    /// The error of a value that has the right type and will not do: `bad argument #1 to 'f' (reason)`.
    public func invalid(_ slot: LuaSlot, _ reason: String) -> LuaError {
        guard slot.field == nil, let function else { return LuaError("\(place(slot)): \(reason)") }
        return LuaError("bad argument #\(slot.number) to '\(function)' (\(reason))")
    }

    private func place(_ slot: LuaSlot) -> String {
        let owner = function == nil ? "result" : "argument"
        guard let field = slot.field else { return "\(owner) #\(slot.number)" }
        return "field '\(field)' of \(owner) #\(slot.number)"
    }
}

public import CLuaShim

/// What a hook wrote to a record that it was lent: borrowed, on Lua's stack.
///
/// Headers count as written once a hook has looked at them, since it may have changed the table.
public struct LuaWrittenRecord: ~Copyable {
    /// Reads what the slots hold.
    public let values: LuaFrame
    @usableFromInline let fields: UInt32

    init(_ written: lk_written, in state: LuaState) {
        fields = written.fields
        values = LuaFrame(
            state: state, vm: state.vm, function: nil, firstIndex: written.slot, count: fields.nonzeroBitCount)
    }

    /// What was written to a field, which may be nil in Lua; nil where nothing was.
    @inlinable
    public subscript(field: lk_record_field) -> LuaSlot? {
        let bit: UInt32 = 1 << field.rawValue
        return fields & bit == 0 ? nil : slot(of: bit)
    }

    @usableFromInline
    func slot(of bit: UInt32) -> LuaSlot { values[(fields & (bit - 1)).nonzeroBitCount + 1] }
}

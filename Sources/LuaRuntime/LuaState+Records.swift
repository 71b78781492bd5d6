public import CLuaShim

extension LuaState {
    /// Calls a hook with a record and an integer, as a partitioner is called: nothing is made for it in Lua.
    ///
    /// The record is lent for the call; a script that keeps it gets an error when it looks at it later.
    public func call<Result>(
        _ function: LuaFunction,
        record: UnsafePointer<lk_record>,
        _ argument: Int,
        results: (borrowing LuaFrame) throws(LuaError) -> Result
    ) throws(LuaError) -> Result {
        let mark = lk_mark(vm)
        _ = try begin(function.reference)
        return try finish(mark, results) { lk_call_record(vm, function.reference.number, record, Int64(argument)) }
    }

    /// Lends a record to Lua for the body, which may pass it to functions and look at what they wrote to it.
    public func withRecord<Result>(
        _ record: UnsafePointer<lk_record>, _ body: (borrowing LuaRecordView) throws(LuaError) -> Result
    ) throws(LuaError) -> Result {
        let number = lk_bind_record(vm, record)
        guard number != 0 else { throw .outOfMemory }
        defer { lk_unbind_record(vm, number) }
        return try body(LuaRecordView(number: number))
    }

    /// Reads what a script wrote to a field of a lent record; nil when it wrote nothing. Headers count as written once
    /// a script has looked at them, since it may have changed the table.
    public func written<Result>(
        _ field: lk_record_field, of view: borrowing LuaRecordView,
        _ body: (borrowing LuaFrame) throws(LuaError) -> Result
    ) throws(LuaError) -> Result? {
        let top = lk_top(vm)
        defer { lk_set_top(vm, top) }
        let slot = lk_record_written(vm, view.number, field)
        guard slot != 0 else { return nil }
        return try body(LuaFrame(state: self, vm: vm, function: nil, firstIndex: slot, count: 1))
    }
}

extension LuaWriter {
    /// A record that is lent.
    public mutating func append(_ view: borrowing LuaRecordView) {
        lk_put_reference(vm, view.number)
    }
}

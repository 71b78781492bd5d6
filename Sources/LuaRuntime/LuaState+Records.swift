public import CLuaShim

extension LuaState {
    /// Calls a hook with a record and an integer, and gives back its integer or nil, as a partitioner is called: nothing
    /// is made for it in Lua.
    ///
    /// The record is lent for the call; a script that keeps it gets an error when it looks at it later.
    /// - Parameter otherwise: takes results that are something else.
    public func integer(
        calling function: borrowing LuaFunction, _ record: UnsafePointer<lk_record>, _ argument: Int,
        otherwise: (borrowing LuaFrame) throws(LuaError) -> Int64?
    ) throws(LuaError) -> Int64? {
        try begin(with: function.reference)
        var answer = lk_answer()
        let top = lk_top(vm)
        let status = lk_call_record(vm, function.reference.number, record, Int64(argument), &answer)
        if status == LK_OK {
            if answer.type == LK_INTEGER { return answer.integer }
            if answer.type == LK_NIL { return nil }
        }
        defer { lk_set_top(vm, top) }
        try check(status, top)
        return try otherwise(
            LuaFrame(state: self, vm: vm, function: nil, firstIndex: top + 1, count: Int(lk_top(vm) - top)))
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

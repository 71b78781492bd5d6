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

    /// Calls a hook with a record that it may write to, as an interceptor is called.
    ///
    /// The record is lent for the call, as above.
    /// - Parameter body: takes what the hook wrote; not called where it wrote nothing.
    public func call(
        _ function: borrowing LuaFunction, writing record: UnsafePointer<lk_record>,
        _ body: (borrowing LuaWrittenRecord) throws(LuaError) -> Void
    ) throws(LuaError) {
        try begin(with: function.reference)
        var written = lk_written()
        let top = lk_top(vm)
        let status = lk_call_writing(vm, function.reference.number, record, &written)
        if status == LK_OK, written.fields == 0 { return }
        defer { lk_set_top(vm, top) }
        try check(status, top)
        try body(LuaWrittenRecord(written, in: self))
    }
}

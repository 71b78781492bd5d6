import CLuaShim

extension LuaState {
    /// Compiles a chunk of text; bytecode is refused.
    ///
    /// - Parameter name: `@file.lua` for a file, `=stdin` for another source; errors show it without its first
    ///   character.
    public func load(_ text: String, name: String) throws(LuaError) -> LuaFunction {
        try load(Array(text.utf8), name: name)
    }

    /// Compiles a chunk from its bytes.
    public func load(_ text: [UInt8], name: String) throws(LuaError) -> LuaFunction {
        releaseReferences()
        let top = lk_top(vm)
        defer { lk_set_top(vm, top) }
        try check(text.withUnsafeBytes { lk_load(vm, $0.baseAddress, $0.count, name) }, top)
        return LuaFunction(try retain(top + 1))
    }

    /// Calls a function with what `arguments` writes, and reads what it returns where Lua keeps it.
    public func call<Result>(
        _ function: LuaFunction,
        arguments: (inout LuaWriter) -> Void,
        results: (borrowing LuaFrame) throws(LuaError) -> Result
    ) throws(LuaError) -> Result {
        let mark = lk_mark(vm)
        var writer = try begin(function.reference)
        arguments(&writer)
        return try finish(mark, results) { lk_call(vm, function.reference.number, mark) }
    }

    /// Calls a function with copies of values; gives back copies of its results.
    @discardableResult
    public func call(_ function: LuaFunction, _ arguments: [LuaValue] = []) throws(LuaError) -> [LuaValue] {
        try call(function) { writer in
            for argument in arguments { writer.append(argument) }
        } results: { (results) throws(LuaError) in
            try results.values()
        }
    }

    /// Compiles and runs a chunk.
    @discardableResult
    public func run(_ text: String, name: String, _ arguments: [LuaValue] = []) throws(LuaError) -> [LuaValue] {
        try call(load(text, name: name), arguments)
    }

    /// The turn of the owner begins: what was let go is released, and what belongs to another state is refused.
    func begin(_ reference: LuaReference) throws(LuaError) -> LuaWriter {
        try begin(with: reference)
        return LuaWriter(self)
    }

    @inline(__always)
    func begin(with reference: borrowing LuaReference) throws(LuaError) {
        guard reference.released === released else { throw LuaError("the value belongs to another Lua state") }
        releaseReferences()
    }

    @inline(__always)
    func finish<Result>(
        _ mark: Int,
        _ results: (borrowing LuaFrame) throws(LuaError) -> Result,
        _ call: () -> lk_status
    ) throws(LuaError) -> Result {
        let top = lk_top(vm)
        let status = call()
        defer { lk_set_top(vm, top) }
        if status != LK_OK { try check(status, top) }
        return try results(
            LuaFrame(state: self, vm: vm, function: nil, firstIndex: top + 1, count: Int(lk_top(vm) - top)))
    }
}

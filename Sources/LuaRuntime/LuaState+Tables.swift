import CLuaShim

extension LuaState {
    /// The value of a global, copied.
    public func global(_ name: String) throws(LuaError) -> LuaValue {
        try get(lk_globals(vm)) {
            $0.append(name)
        } results: { (results) throws(LuaError) in
            try results.value(results[1])
        }
    }

    /// Sets a global to what the body writes.
    public func setGlobal(_ name: String, _ body: (inout LuaWriter) -> Void) throws(LuaError) {
        try set(lk_globals(vm)) { writer in
            writer.append(name)
            body(&writer)
        }
    }

    /// Makes what the body writes the module that `require(name)` gives.
    public func setModule(_ name: String, _ body: (inout LuaWriter) -> Void) throws(LuaError) {
        try write(body) { mark in lk_set_module(vm, name, mark) }
    }

    /// Keeps what the body writes: a table to fill later, a value to hand out often.
    public func keep(_ body: (inout LuaWriter) -> Void) throws(LuaError) -> LuaReference {
        let top = lk_top(vm)
        defer { lk_set_top(vm, top) }
        try write(body, dropsResults: false) { mark in lk_push(vm, mark) }
        return try retain(top + 1)
    }

    /// Looks up, without metamethods, the key that the body writes.
    public func get<Result>(
        _ table: LuaReference,
        key: (inout LuaWriter) -> Void,
        results: (borrowing LuaFrame) throws(LuaError) -> Result
    ) throws(LuaError) -> Result {
        _ = try begin(table)
        return try get(table.number, key: key, results: results)
    }

    /// Sets, without metamethods, the keys and values that the body writes in turn.
    public func set(_ table: LuaReference, _ body: (inout LuaWriter) -> Void) throws(LuaError) {
        _ = try begin(table)
        try set(table.number, body)
    }

    /// Reads what a reference keeps.
    public func read<Result>(
        _ reference: LuaReference, _ body: (borrowing LuaFrame) throws(LuaError) -> Result
    ) throws(LuaError) -> Result {
        let mark = lk_mark(vm)
        var writer = try begin(reference)
        writer.append(reference)
        return try finish(mark, body) { lk_push(vm, mark) }
    }

    /// Makes a class of host objects known to this state.
    public func define<Object: AnyObject>(
        _ name: String, as type: Object.Type, _ body: (inout LuaClassDefinition<Object>) -> Void
    ) throws(LuaError) -> LuaClass<Object> {
        var definition = LuaClassDefinition<Object>(name: name)
        body(&definition)
        return LuaClass(name: name, reference: try metatable(name, definition.functions, isOfParts: false))
    }

    /// Makes a class whose objects are parts of objects of the host.
    public func define<Whole: AnyObject>(
        _ name: String, asPartsOf type: Whole.Type, _ body: (inout LuaPartDefinition<Whole>) -> Void
    ) throws(LuaError) -> LuaPartClass<Whole> {
        var definition = LuaPartDefinition<Whole>(name: name)
        body(&definition)
        return LuaPartClass(name: name, reference: try metatable(name, definition.functions, isOfParts: true))
    }

    private func metatable(
        _ name: String, _ functions: LuaClassFunctions, isOfParts: Bool
    ) throws(LuaError) -> LuaReference {
        let mark = lk_mark(vm)
        var writer = LuaWriter(self)
        functions.write(to: &writer)
        let number = lk_new_class(vm, name, mark, isOfParts)
        guard number != 0 else { throw .outOfMemory }
        return LuaReference(number: number, released: released)
    }

    private func get<Result>(
        _ table: Int32,
        key: (inout LuaWriter) -> Void,
        results: (borrowing LuaFrame) throws(LuaError) -> Result
    ) throws(LuaError) -> Result {
        let mark = lk_mark(vm)
        var writer = LuaWriter(self)
        key(&writer)
        return try finish(mark, results) { lk_get(vm, table, mark) }
    }

    private func set(_ table: Int32, _ body: (inout LuaWriter) -> Void) throws(LuaError) {
        try write(body) { mark in lk_set(vm, table, mark) }
    }

    private func write(
        _ body: (inout LuaWriter) -> Void, dropsResults: Bool = true, _ call: (Int) -> lk_status
    ) throws(LuaError) {
        releaseReferences()
        let mark = lk_mark(vm)
        var writer = LuaWriter(self)
        body(&writer)
        let top = lk_top(vm)
        let status = call(mark)
        defer { if dropsResults || status != LK_OK { lk_set_top(vm, top) } }
        try check(status, top)
    }
}

import CLuaShim

/// The arguments of a host function, or the results of a call: borrowed, on Lua's stack.
///
/// Arguments and results count from 1, and a method's arguments do not count the object before the colon.
public struct LuaFrame: ~Copyable {
    /// The state that the values are in: a host function calls back by it. Not counted, since a frame lives within a
    /// call of its state.
    public unowned(unsafe) let state: LuaState
    let vm: OpaquePointer
    /// What errors call it: the name of a host function, or nil for results.
    let function: String?
    let firstIndex: Int32
    /// How many arguments or results there are.
    public let count: Int

    /// The argument or result of that number, which may be absent.
    public subscript(number: Int) -> LuaSlot {
        // What was looked up lies behind the arguments and is none of them.
        let isThere = number >= 1 && number <= count
        let index = isThere ? firstIndex &+ Int32(truncatingIfNeeded: number) &- 1 : 0
        return LuaSlot(index: index, number: Int32(clamping: number), field: nil)
    }

    /// The object before the colon of a method.
    var receiver: LuaSlot { LuaSlot(index: 1, number: 0, field: nil) }

    public func type(_ slot: LuaSlot) -> LuaType {
        LuaType(lk_type_at(vm, slot.index))
    }

    /// Whether the slot is absent or nil.
    public func isNil(_ slot: LuaSlot) -> Bool {
        lk_type_at(vm, slot.index).rawValue <= LK_NIL.rawValue
    }

    public func boolean(_ slot: LuaSlot) throws(LuaError) -> Bool {
        guard lk_type_at(vm, slot.index) == LK_BOOLEAN else { throw mismatch(slot, "boolean") }
        return lk_boolean_at(vm, slot.index)
    }

    /// What Lua takes for true: all but nil and false.
    public func truth(_ slot: LuaSlot) -> Bool {
        lk_boolean_at(vm, slot.index)
    }

    /// An integer, or a float without a fraction, as Lua's own functions take it; strings are not converted.
    public func integer(_ slot: LuaSlot) throws(LuaError) -> Int64 {
        var value: Int64 = 0
        guard lk_integer_at(vm, slot.index, &value) else {
            guard lk_type_at(vm, slot.index) == LK_NUMBER else { throw mismatch(slot, "integer") }
            throw invalid(slot, "number has no integer representation")
        }
        return value
    }

    public func number(_ slot: LuaSlot) throws(LuaError) -> Double {
        var value = 0.0
        guard lk_number_at(vm, slot.index, &value) else { throw mismatch(slot, "number") }
        return value
    }

    /// The bytes of a string where Lua keeps them: valid until the host function returns, or the results are dropped.
    @_lifetime(borrow self)
    public func bytes(_ slot: LuaSlot) throws(LuaError) -> RawSpan {
        let span = try RawSpan(_unsafeBytes: unsafeBytes(slot))
        return _overrideLifetime(span, borrowing: self)
    }

    /// The same as ``bytes(_:)`` without its protection against escape.
    public func unsafeBytes(_ slot: LuaSlot) throws(LuaError) -> UnsafeRawBufferPointer {
        var length = 0
        guard let bytes = lk_bytes_at(vm, slot.index, &length) else { throw mismatch(slot, "string") }
        return UnsafeRawBufferPointer(start: bytes, count: length)
    }

    /// The same, or nil where the slot holds something else.
    public func bytesIfString(_ slot: LuaSlot) -> UnsafeRawBufferPointer? {
        var length = 0
        guard let bytes = lk_bytes_at(vm, slot.index, &length) else { return nil }
        return UnsafeRawBufferPointer(start: bytes, count: length)
    }

    /// A copy of a string, with what is not UTF-8 replaced.
    public func string(_ slot: LuaSlot) throws(LuaError) -> String {
        String(decoding: try unsafeBytes(slot), as: UTF8.self)
    }

    /// The object of the host that the slot holds.
    public func object<Object: AnyObject>(
        _ slot: LuaSlot, _ type: Object.Type, named name: String
    ) throws(LuaError) -> Object {
        guard let object = object(slot, type) else { throw mismatch(slot, name) }
        return object
    }

    /// The object of the host that the slot holds, or nil when it holds something else.
    public func object<Object: AnyObject>(_ slot: LuaSlot, _ type: Object.Type) -> Object? {
        let identity = unsafeBitCast(ObjectIdentifier(type), to: UnsafeRawPointer.self)
        guard let pointer = lk_object_at(vm, slot.index, identity) else { return nil }
        return Unmanaged<Object>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// The part of an object of the host that the slot holds, or nil when it holds something else.
    public func part<Whole: AnyObject>(_ slot: LuaSlot, of type: Whole.Type) -> LuaPart<Whole>? {
        let identity = unsafeBitCast(ObjectIdentifier(type), to: UnsafeRawPointer.self)
        var number: Int64 = 0
        guard let pointer = lk_part_at(vm, slot.index, identity, &number) else { return nil }
        return LuaPart(whole: Unmanaged<Whole>.fromOpaque(pointer).takeUnretainedValue(), number: number)
    }

    /// Keeps a function for later.
    public func function(_ slot: LuaSlot) throws(LuaError) -> LuaFunction {
        guard lk_type_at(vm, slot.index) == LK_FUNCTION else { throw mismatch(slot, "function") }
        return LuaFunction(try reference(slot))
    }

    /// Keeps any value for later.
    public func reference(_ slot: LuaSlot) throws(LuaError) -> LuaReference {
        try state.retain(slot.index)
    }
}

import CLuaShim

/// Takes the arguments of a call, or the results of a host function, in order.
///
/// What is written waits outside of Lua and is pushed at once, where running out of memory is an error like another.
public struct LuaWriter: ~Copyable {
    // Not counted: a writer lives within a call of its state.
    unowned(unsafe) let state: LuaState
    @usableFromInline let vm: OpaquePointer

    init(_ state: LuaState) {
        self.state = state
        self.vm = state.vm
    }

    public mutating func append(_ value: Bool) { lk_put_boolean(vm, value) }
    public mutating func append(_ value: Int) { lk_put_integer(vm, Int64(value)) }
    public mutating func append(_ value: Int32) { lk_put_integer(vm, Int64(value)) }
    public mutating func append(_ value: Int64) { lk_put_integer(vm, value) }
    public mutating func append(_ value: Double) { lk_put_number(vm, value) }
    public mutating func append(_ function: LuaFunction) { append(function.reference) }
    public mutating func appendNil() { lk_put_nil(vm) }

    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { lk_put_string(vm, $0.baseAddress, $0.count) }
    }

    public mutating func append(_ bytes: borrowing RawSpan) {
        bytes.withUnsafeBytes { lk_put_string(vm, $0.baseAddress, $0.count) }
    }

    public mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { lk_put_string(vm, $0.baseAddress, $0.count) }
    }

    /// A literal: its bytes are not copied before Lua does.
    public mutating func append(literal text: StaticString) {
        text.withUTF8Buffer { bytes in
            if text.hasPointerRepresentation {
                lk_put_borrowed(vm, bytes.baseAddress, bytes.count)
            } else {
                lk_put_string(vm, bytes.baseAddress, bytes.count)
            }
        }
    }

    /// Bytes that are not copied before Lua does: they must stay where they are until the call that they are written
    /// for has begun. Not for results of host functions, which are pushed after the function has returned.
    public mutating func append(unsafeBorrowing bytes: UnsafeRawBufferPointer) {
        lk_put_borrowed(vm, bytes.baseAddress, bytes.count)
    }

    /// A value that is kept. One that belongs to another state is written as nil.
    public mutating func append(_ reference: LuaReference) {
        if reference.released === state.released {
            lk_put_reference(vm, reference.number)
        } else {
            lk_put_nil(vm)
        }
    }

    /// Something of the host function's own frame. Only for results.
    public mutating func append(_ slot: LuaSlot) { lk_put_slot(vm, slot.index) }

    /// An object of the host, retained until Lua has collected it.
    public mutating func append<Object: AnyObject>(_ object: Object, as definition: LuaClass<Object>) {
        let identity = unsafeBitCast(ObjectIdentifier(Object.self), to: UnsafeRawPointer.self)
        guard definition.reference.released === state.released else { return lk_put_nil(vm) }
        lk_put_object(vm, definition.reference.number, identity, Unmanaged.passRetained(object).toOpaque())
    }

    /// A part of an object of the host, which is retained until Lua has collected all of its parts.
    public mutating func append<Whole: AnyObject>(
        part number: Int64, of whole: borrowing Whole, as definition: LuaPartClass<Whole>
    ) {
        let identity = unsafeBitCast(ObjectIdentifier(Whole.self), to: UnsafeRawPointer.self)
        guard definition.reference.released === state.released else { return lk_put_nil(vm) }
        let object = Unmanaged.passUnretained(copy whole)
        let isHeld = lk_holds_whole(vm, object.toOpaque())
        if !isHeld { _ = object.retain() }
        lk_put_part(vm, definition.reference.number, identity, object.toOpaque(), !isHeld, number)
    }

    /// A function of the host. The name is for errors.
    public mutating func append(function name: String, _ body: @escaping LuaHostFunction) {
        append(HostFunction(state, name: name, isMethod: false, body: body))
    }

    mutating func append(_ function: HostFunction) {
        lk_put_function(
            vm, callHostFunction, function.strings?.description, Unmanaged.passRetained(function).toOpaque())
    }
}

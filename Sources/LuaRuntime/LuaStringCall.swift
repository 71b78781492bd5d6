public import CLuaShim

/// A call of a method with three strings or nils, or with a table of them, and what it gives back.
///
/// It goes past the program of values that other calls are made of: for methods that are called once a record.
public struct LuaStringCall<Whole: AnyObject>: ~Copyable {
    @usableFromInline let call: UnsafeMutablePointer<lk_string_call>
    /// Takes what the method gives back, unless that is a part.
    public var results: LuaWriter

    @inlinable
    init(_ call: UnsafeMutablePointer<lk_string_call>, _ results: consuming LuaWriter) {
        self.call = call
        self.results = results
    }

    /// The bytes of an argument where Lua keeps them until the method returns; nil for Lua's nil.
    @inlinable public var first: UnsafeRawBufferPointer? {
        call.pointee.bytes.0.map { UnsafeRawBufferPointer(start: $0, count: call.pointee.lengths.0) }
    }
    @inlinable public var second: UnsafeRawBufferPointer? {
        call.pointee.bytes.1.map { UnsafeRawBufferPointer(start: $0, count: call.pointee.lengths.1) }
    }
    @inlinable public var third: UnsafeRawBufferPointer? {
        call.pointee.bytes.2.map { UnsafeRawBufferPointer(start: $0, count: call.pointee.lengths.2) }
    }

    /// Gives back a part of an object of the host, which is not counted here.
    @inlinable
    public mutating func finish(part number: Int64, of whole: Unmanaged<Whole>) {
        if lk_holds_whole(results.vm, whole.toOpaque()) {
            call.pointee.whole = UnsafeRawPointer(whole.toOpaque())
            call.pointee.number = number
        } else {
            let method = call.pointee.method.pointee
            lk_put_part(
                results.vm, method.part_class, method.part_identity, whole.retain().toOpaque(), true, number)
        }
    }
}

/// How a method is called with a table in place of its three strings: by the fields of that table, which is read raw.
public struct LuaStringFields: Sendable {
    fileprivate let names: [StaticString]

    /// - Parameters:
    ///   - first: the name of the first string's field.
    ///   - others: the names of fields that only the method proper knows: it is called for a table that has one.
    public init(
        _ first: StaticString, _ second: StaticString, _ third: StaticString, butNot others: StaticString...
    ) {
        names = [first, second, third] + others
    }
}

/// An object of the host with a method that is called with three strings or nils more often than not.
public protocol LuaStringReceiver: AnyObject {
    /// What the method gives back parts of.
    associatedtype Whole: AnyObject

    /// Called first; false if nothing was done, and the method proper is to be called.
    func call(_ call: inout LuaStringCall<Whole>) throws -> Bool
}

/// How a method is called with strings, whatever its classes are. A closure would be counted for each call.
class LuaStringMethod {
    // Not counted: the state outlives what its Lua holds.
    var state: Unmanaged<LuaState>?
    /// What C knows of it, at an address that stays.
    let description: UnsafeMutablePointer<lk_string_method>
    private let fields: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>

    fileprivate init(_ description: lk_string_method, _ fields: LuaStringFields?) {
        let names = fields?.names ?? []
        self.fields = .allocate(capacity: names.count)
        // Literals end with NUL.
        _ = self.fields.initialize(
            from: names.map { UnsafeRawPointer($0.utf8Start).assumingMemoryBound(to: CChar.self) })
        self.description = .allocate(capacity: 1)
        self.description.initialize(to: description)
        self.description.pointee.call = callStringMethod
        self.description.pointee.context = Unmanaged.passUnretained(self).toOpaque()
        self.description.pointee.field_count = Int32(names.count)
        self.description.pointee.fields = UnsafePointer(self.fields.baseAddress)
    }

    deinit {
        description.deallocate()
        fields.deallocate()
    }

    fileprivate func perform(
        _ call: UnsafeMutablePointer<lk_string_call>, _ results: consuming LuaWriter
    ) throws -> Bool { false }

    fileprivate final func call(_ call: UnsafeMutablePointer<lk_string_call>) -> Int32 {
        guard let state else { return -1 }
        return state._withUnsafeGuaranteedRef { state in
            let mark = lk_mark(state.vm)
            do {
                return try perform(call, LuaWriter(state)) ? Int32(LK_OK.rawValue) : -1
            } catch {
                var results = LuaWriter(state)
                return Int32(results.fail(error, from: mark).rawValue)
            }
        }
    }
}

final class LuaStringMethodOf<Object: LuaStringReceiver>: LuaStringMethod {
    private let parts: LuaReference

    init(givingPartsOf parts: LuaPartClass<Object.Whole>, fields: LuaStringFields?) {
        self.parts = parts.reference
        super.init(
            lk_string_method(
                call: nil, context: nil,
                identity: unsafeBitCast(ObjectIdentifier(Object.self), to: UnsafeRawPointer.self),
                part_identity: unsafeBitCast(ObjectIdentifier(Object.Whole.self), to: UnsafeRawPointer.self),
                part_class: parts.reference.number, field_count: 0, fields: nil), fields)
    }

    override func perform(
        _ call: UnsafeMutablePointer<lk_string_call>, _ results: consuming LuaWriter
    ) throws -> Bool {
        // An object of the class, since C compares the identity.
        let object = Unmanaged<Object>.fromOpaque(call.pointee.object)
        var call = LuaStringCall<Object.Whole>(call, results)
        return try object._withUnsafeGuaranteedRef { try $0.call(&call) }
    }
}

/// What the shim calls. It is not a closure, so that it belongs to no actor.
private func callStringMethod(
    _ context: UnsafeMutableRawPointer?, _ call: UnsafeMutablePointer<lk_string_call>?
) -> Int32 {
    guard let context, let call else { return -1 }
    return Unmanaged<LuaStringMethod>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.call(call) }
}

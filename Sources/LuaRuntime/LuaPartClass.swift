/// How parts of objects of a Swift class look in Lua: a name and methods. Made by ``LuaState/define(_:asPartsOf:_:)``.
///
/// A part is a number in a whole. It costs no object of Swift and no finalizer of Lua: the whole is held once for all of
/// its parts.
public struct LuaPartClass<Whole: AnyObject>: Sendable {
    /// What error messages call it.
    public let name: String
    let reference: LuaReference
}

/// Takes the methods of a ``LuaPartClass`` while it is made.
public struct LuaPartDefinition<Whole: AnyObject> {
    /// A method: the part before the colon, then arguments and results as for any function.
    public typealias Method = (LuaPart<Whole>, borrowing LuaFrame, inout LuaWriter) throws -> Void

    private let name: String
    private(set) var functions = LuaClassFunctions()

    init(name: String) {
        self.name = name
    }

    public mutating func method(_ name: String, _ body: @escaping Method) {
        functions.methods.append((name, .host(checked(body), nil)))
    }

    /// As with ``LuaClassDefinition/metamethod(_:_:)``; a part has no `__gc` at all.
    public mutating func metamethod(_ name: String, _ body: @escaping Method) {
        functions.metamethods.append((name, .host(checked(body), nil)))
    }

    private func checked(_ body: @escaping Method) -> LuaHostFunction {
        let name = name
        return { arguments, results in
            guard let part = arguments.part(arguments.receiver, of: Whole.self) else {
                throw arguments.mismatch(arguments.receiver, name)
            }
            try body(part, arguments, &results)
        }
    }
}

/// A part of an object of the host.
public struct LuaPart<Whole: AnyObject> {
    public let whole: Whole
    public let number: Int64
}

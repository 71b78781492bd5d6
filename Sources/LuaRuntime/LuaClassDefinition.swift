import CLuaShim

/// Takes the methods of a ``LuaClass`` while it is made.
public struct LuaClassDefinition<Object: AnyObject> {
    /// A method: the object before the colon, then arguments and results as for any function.
    public typealias Method = (Object, borrowing LuaFrame, inout LuaWriter) throws -> Void

    private let name: String
    private(set) var functions = LuaClassFunctions()

    init(name: String) {
        self.name = name
    }

    public mutating func method(_ name: String, _ body: @escaping Method) {
        functions.methods.append((name, .host(checked(body), nil)))
    }

    /// A method that the object's own ``LuaStringReceiver/call(_:)`` may do without the body: where it is called with
    /// three strings or nils, or with a table of these fields alone.
    public mutating func method(
        _ name: String, givingPartsOf parts: LuaPartClass<Object.Whole>, fields: LuaStringFields? = nil,
        _ body: @escaping Method
    ) where Object: LuaStringReceiver {
        let strings = LuaStringMethodOf<Object>(givingPartsOf: parts, fields: fields)
        functions.methods.append((name, .host(checked(body), strings)))
    }

    /// A method that is written in Lua: what it calls may yield, and is in its traceback. Its first argument is
    /// whatever stands before the colon.
    public mutating func method(_ name: String, _ function: LuaFunction) {
        functions.methods.append((name, .lua(function)))
    }

    /// `__tostring`, `__close`, `__len`, `__eq`, `__call` and the like. `__gc`, `__index`, `__name` and `__metatable`
    /// are the runtime's.
    public mutating func metamethod(_ name: String, _ body: @escaping Method) {
        functions.metamethods.append((name, .host(checked(body), nil)))
    }

    private func checked(_ body: @escaping Method) -> LuaHostFunction {
        let name = name
        return { arguments, results in
            try body(try arguments.object(arguments.receiver, Object.self, named: name), arguments, &results)
        }
    }
}

/// The functions of a class, by name.
struct LuaClassFunctions {
    enum Body {
        case host(LuaHostFunction, LuaStringMethod?)
        case lua(LuaFunction)
    }

    var methods: [(name: String, body: Body)] = []
    var metamethods: [(name: String, body: Body)] = []

    func write(to writer: inout LuaWriter) {
        for functions in [methods, metamethods] {
            writer.appendTable(fields: functions.count) { writer in
                for function in functions {
                    writer.append(function.name)
                    switch function.body {
                    case .host(let body, let strings):
                        writer.append(
                            HostFunction(
                                writer.state, name: function.name, isMethod: true, strings: strings, body: body))
                    case .lua(let function): writer.append(function)
                    }
                }
            }
        }
    }
}

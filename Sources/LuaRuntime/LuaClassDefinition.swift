import CLuaShim

/// Takes the methods of a ``LuaClass`` while it is made.
public struct LuaClassDefinition<Object: AnyObject> {
    /// A method: the object before the colon, then arguments and results as for any function.
    public typealias Method = (Object, borrowing LuaFrame, inout LuaWriter) throws -> Void

    private let name: String
    private(set) var methods: [(name: String, body: LuaHostFunction)] = []
    private(set) var metamethods: [(name: String, body: LuaHostFunction)] = []

    init(name: String) {
        self.name = name
    }

    public mutating func method(_ name: String, _ body: @escaping Method) {
        methods.append((name, checked(body)))
    }

    /// `__tostring`, `__close`, `__len`, `__eq`, `__call` and the like. `__gc`, `__index`, `__name` and `__metatable`
    /// are the runtime's.
    public mutating func metamethod(_ name: String, _ body: @escaping Method) {
        metamethods.append((name, checked(body)))
    }

    private func checked(_ body: @escaping Method) -> LuaHostFunction {
        let name = name
        return { arguments, results in
            try body(try arguments.object(arguments.receiver, Object.self, named: name), arguments, &results)
        }
    }

    func write(to writer: inout LuaWriter) {
        for functions in [methods, metamethods] {
            writer.appendTable(fields: functions.count) { writer in
                for function in functions {
                    writer.append(function.name)
                    writer.append(
                        HostFunction(writer.state, name: function.name, isMethod: true, body: function.body))
                }
            }
        }
    }
}

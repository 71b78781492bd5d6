import LuaRuntime

/// The host's classes and metatables as one state knows them.
struct ScriptClasses {
    let null: LuaClass<KafkaNull>
    let nullValue: LuaReference
    let errorMetatable: LuaReference
    /// Marks a table that is an array for JSON even when it is empty.
    let arrayMetatable: LuaReference
    let arrayAddress: UInt
    // Defined once the environment is there, since their methods need it.
    var producer: LuaClass<ScriptProducer>?
    var future: LuaClass<ScriptFuture>?

    init(_ state: LuaState) throws(LuaError) {
        let null = try state.define("kafka.null", as: KafkaNull.self) { definition in
            definition.metamethod("__tostring") { _, _, results in results.append("kafka.null") }
        }
        self.null = null
        nullValue = try state.keep { $0.append(KafkaNull.shared, as: null) }
        let tables = try state.load(Self.metatables, name: "=kafka")
        (errorMetatable, arrayMetatable, arrayAddress) = try state.call(tables) { _ in
        } results: { (frame) throws(LuaError) in
            (try frame.reference(frame[1]), try frame.reference(frame[2]), frame.address(frame[2]))
        }
    }

    private static let metatables = """
        local error_metatable = {
            __name = "kafka.error",
            __tostring = function(e) return e.name .. ": " .. e.message end,
        }
        return error_metatable, { __name = "kafka.array" }
        """
}

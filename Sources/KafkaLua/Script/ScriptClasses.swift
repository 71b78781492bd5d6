import KafkaProducer
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
    var future: LuaPartClass<BatchResult>?
    var transaction: LuaClass<ScriptTransaction>?
    var timer: LuaClass<ScriptTimer>?
    var histogram: LuaClass<ScriptHistogram>?
    var workers: LuaClass<WorkersHandle>?
    /// Tells Lua's `io.stdin` from other files.
    let standardInputAddress: UInt

    init(_ state: LuaState) throws(LuaError) {
        let null = try KafkaNull.define(in: state)
        self.null = null
        nullValue = try state.keep { $0.append(KafkaNull.shared, as: null) }
        errorMetatable = try ErrorTable.makeMetatable(in: state)
        arrayMetatable = try state.keep { writer in
            writer.appendTable(fields: 1) { writer in writer.field("__name", "kafka.array") }
        }
        arrayAddress = try state.read(arrayMetatable) { frame in frame.address(frame[1]) }
        let standardInput = try state.load("return io.stdin", name: "=kafka")
        standardInputAddress = try state.call(standardInput) { _ in
        } results: { frame in
            frame.address(frame[1])
        }
    }
}

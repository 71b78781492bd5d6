import KafkaProducer
import LuaRuntime

/// The metatable of operational failures as scripts see them: tables that print as their name and message.
enum ErrorTable {
    static func makeMetatable(in state: LuaState) throws(LuaError) -> LuaReference {
        let chunk = try state.load(source, name: "=kafka")
        return try state.call(chunk) { _ in
        } results: { (frame) throws(LuaError) in
            try frame.reference(frame[1])
        }
    }

    private static let source = """
        return {
            __name = "kafka.error",
            __tostring = function(e) return e.name .. ": " .. e.message end,
        }
        """
}

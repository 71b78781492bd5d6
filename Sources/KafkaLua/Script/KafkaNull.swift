import LuaRuntime

/// `kafka.null`: a value that is there and is null, where Lua's nil would be a value that was left out.
final class KafkaNull: Sendable {
    static let shared = KafkaNull()
    static let className = "kafka.null"

    static func define(in state: LuaState) throws(LuaError) -> LuaClass<KafkaNull> {
        try state.define(className, as: KafkaNull.self) { definition in
            definition.metamethod("__tostring") { _, _, results in results.append(className) }
        }
    }
}

import KafkaProducer
import LuaRuntime

/// What plugins see of `kafka`: `kafka.now()`, the time in milliseconds, and `kafka.null`.
///
/// It is no more than that: a plugin is called for each record, under limits, and must not send or wait.
enum PluginModule {
    static let name = "kafka"

    static func install(in state: LuaState) throws(LuaError) {
        let null = try KafkaNull.define(in: state)
        let module = try state.keep { writer in
            writer.appendTable(fields: 2) { writer in
                writer.append(literal: "null")
                writer.append(KafkaNull.shared, as: null)
                writer.field("now") { _, results in results.append(WallClock.exactMilliseconds) }
            }
        }
        try state.setModule(name) { $0.append(module) }
        try state.setGlobal(name) { $0.append(module) }
    }
}

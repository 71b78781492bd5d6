import KafkaProducer
import LuaRuntime
import NIOCore

// Plugins as scripts exchange them: `p:swap(…)`, `p:rollback(…)`, `p:generation(…)`, `p:scripts()`, `p:watch(…)`. The
// globals of the same names are those of the default producer.
extension ScriptProducer {
    typealias PluginCall = (ScriptProducer) -> (borrowing LuaFrame, inout LuaWriter, ScriptEnvironment) throws -> Void

    static var pluginCalls: [(name: String, call: PluginCall)] {
        [
            ("swap", swap), ("rollback", rollback), ("generation", generation), ("scripts", scripts), ("watch", watch),
        ]
    }

    private func slot(_ place: LuaSlot, _ arguments: borrowing LuaFrame) throws -> PluginSlot {
        guard let slot = plugins.slot(try arguments.string(place)) else {
            throw arguments.invalid(place, "a role is 'partitioner', 'interceptor' or 'serializer'")
        }
        return slot
    }

    /// `swap(role, file [, options])`, `swap("interceptor", {file, …})`: the new generation, or nil and why the former
    /// version goes on. Options may stand beside the files too, as `kafka.producer` takes them.
    private func swap(
        _ arguments: borrowing LuaFrame, _ results: inout LuaWriter, _ environment: ScriptEnvironment
    ) throws {
        let slot = try slot(arguments[1], arguments)
        guard [.string, .table].contains(arguments.type(arguments[2])) else {
            throw arguments.mismatch(arguments[2], "string")
        }
        let present = slot.options
        var settings = try PluginSettings(arguments.value(arguments[2]), of: "swap", over: present)
        let sources = settings.sources
        if !arguments.isNil(arguments[3]) {
            guard arguments.type(arguments[3]) == .table else { throw arguments.mismatch(arguments[3], "table") }
            let before = settings
            settings = try PluginSettings(arguments.value(arguments[3]), of: "swap", over: before.options)
            settings.drain = settings.drain ?? before.drain
        }
        let (drain, options) = (settings.drain ?? "none", settings.options)
        guard options.instances == present.instances else {
            throw KafkaError(
                .configuration, "option 'instances' of swap: kafka.producer sets it, and it stays \(present.instances)")
        }
        if sources.count != 1, slot.role != .interceptor {
            throw arguments.invalid(arguments[2], "a \(slot.role.rawValue) is one file")
        }
        if drain == "keys", slot.role != .partitioner {
            throw arguments.invalid(arguments[3], "drain = 'keys' is for the partitioner, which places keys")
        }
        let chain = slot.texts.count
        try report(to: &results, slot, environment) {
            if chain > 1, arguments.type(arguments[2]) == .string {
                throw KafkaError(
                    .illegalArgument, "there are \(chain) interceptors: swap them all, with a list of files")
            }
            if drain == "flush" { try flushBeforeSwap(in: environment) }
            return try slot.swap(to: sources, options, drain: drain == "none" ? .none : .keys)
        }
    }

    private func flushBeforeSwap(in environment: ScriptEnvironment) throws {
        let patience = core.configuration.maxBlock
        guard try flush(in: environment, until: .now() + TimeAmount(patience)) else {
            throw KafkaError(
                .timeout,
                "what was sent was not flushed within \(patience.milliseconds) ms (max.block.ms): nothing was swapped")
        }
    }

    /// `rollback(role)`: the generation that the earlier version has now, or nil and an error.
    private func rollback(
        _ arguments: borrowing LuaFrame, _ results: inout LuaWriter, _ environment: ScriptEnvironment
    ) throws {
        let slot = try slot(arguments[1], arguments)
        try report(to: &results, slot, environment) { try slot.rollback() }
    }

    private func report(
        to results: inout LuaWriter, _ slot: PluginSlot, _ environment: ScriptEnvironment, _ exchange: () throws -> Int
    ) throws {
        do {
            results.append(try exchange())
        } catch let error as LuaError where error.kind != .interrupted || !environment.state.isStopping {
            let stays = slot.isEmpty ? "nothing has changed" : "generation \(slot.generation) stays in force"
            results.appendFailure(
                KafkaError(.illegalArgument, "\(error) (\(stays): correct the script and swap again)"), environment)
        } catch let error as KafkaError {
            results.appendFailure(error, environment)
        }
    }

    /// `generation(role)`: how many versions there have been.
    private func generation(
        _ arguments: borrowing LuaFrame, _ results: inout LuaWriter, _ environment: ScriptEnvironment
    ) throws {
        results.append(try slot(arguments[1], arguments).generation)
    }

    /// `scripts()`: what is in force, role by role.
    private func scripts(
        _ arguments: borrowing LuaFrame, _ results: inout LuaWriter, _ environment: ScriptEnvironment
    ) throws {
        results.append(scripts: [self])
    }

    /// `watch([on])`: whether files that change are swapped in by themselves. Without an argument it begins.
    private func watch(
        _ arguments: borrowing LuaFrame, _ results: inout LuaWriter, _ environment: ScriptEnvironment
    ) throws {
        plugins.watch.isOn = arguments.isNil(arguments[1]) ? true : try arguments.boolean(arguments[1])
        results.append(plugins.watch.isOn)
    }
}

extension LuaWriter {
    /// The scripts of producers, in order: a list of tables.
    mutating func append(scripts producers: [ScriptProducer]) {
        let entries = producers.flatMap { producer in
            producer.plugins.slots.flatMap(\.descriptions).map { (producer, $0) }
        }
        appendTable(items: entries.count) { writer in
            for (index, (producer, script)) in entries.enumerated() {
                writer.append(index + 1)
                writer.appendTable(fields: 10) { writer in
                    writer.field("producer", producer.core.configuration.clientId)
                    writer.field("role", script.role)
                    writer.field("file", script.source)
                    writer.field("name", script.name)
                    if let version = script.version { writer.field("version", version) }
                    writer.field("generation", script.generation)
                    writer.field("instances", script.instances)
                    writer.field("errors", script.errors)
                    writer.field("rollbacks", script.rollbacks)
                    writer.field("memory", script.memory)
                }
            }
        }
    }
}

import KafkaProducer
import LuaRuntime

/// The functions that commands of the prompt call: those of the host, whatever a script has made of the globals since.
struct HostFunctions {
    private let state: LuaState
    private let functions: [String: LuaFunction]

    private static let names = ["send", "topics", "swap", "rollback", "generation", "scripts", "watch"]

    /// Takes the globals as they are now.
    init(_ state: LuaState) throws(LuaError) {
        self.state = state
        var functions: [String: LuaFunction] = [:]
        for name in Self.names {
            if case .function(let function) = try state.global(name) { functions[name] = function }
        }
        self.functions = functions
    }

    /// Calls the function, and lends its results.
    /// - Throws: `LuaError`, also for what the function gives back as nil and an error.
    func call(
        _ call: HostCall, _ results: (borrowing LuaFrame) throws(LuaError) -> [PrintableValue]
    ) throws(LuaError) -> [PrintableValue] {
        switch call {
        case .topics: return try self.call("topics", [], results)
        case .scripts: return try self.call("scripts", [], results)
        case .send(let topic, let value, let key): return try self.call("send", [topic, key, value], results)
        case .swap(let role, let file): return [version(role, try self.call("swap", [role, file], results))]
        case .rollback(let role): return [version(role, try self.call("rollback", [role], results))]
        case .generation(let role): return try self.call("generation", [role], results)
        case .watch(let isOn): return try self.call("watch", results) { $0.append(isOn) }
        case .generations:
            let fields = try ["partitioner", "interceptor", "serializer"].map { (role) throws(LuaError) in
                PrintableTable.Field(key: .string(role), value: try self.call("generation", [role], results)[0])
            }
            return [.table(PrintableTable(fields: fields))]
        }
    }

    private func version(_ role: String, _ results: [PrintableValue]) -> PrintableValue {
        .table(
            PrintableTable(fields: [
                .init(key: .string("role"), value: .string(role)),
                .init(key: .string("generation"), value: results.first ?? .null),
            ]))
    }

    private func call(
        _ name: String, _ arguments: [String?],
        _ results: (borrowing LuaFrame) throws(LuaError) -> [PrintableValue]
    ) throws(LuaError) -> [PrintableValue] {
        try call(name, results) { writer in
            for argument in arguments {
                if let argument { writer.append(argument) } else { writer.appendNil() }
            }
        }
    }

    private func call(
        _ name: String, _ results: (borrowing LuaFrame) throws(LuaError) -> [PrintableValue],
        arguments: (inout LuaWriter) -> Void
    ) throws(LuaError) -> [PrintableValue] {
        guard let function = functions[name] else { throw LuaError("there is no function \(name)") }
        return try state.call(function, arguments: arguments) { (frame) throws(LuaError) in
            if frame.isNil(frame[1]), frame.count > 1 { throw LuaError(try frame.description(frame[2])) }
            return try results(frame)
        }
    }
}

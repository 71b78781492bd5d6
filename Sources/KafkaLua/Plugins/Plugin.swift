import CLuaShim
import KafkaProducer
import LuaRuntime

/// One generation of a plugin: a Lua state of its own, and the functions that its script gave.
///
/// Belongs to whoever holds its role's lock.
final class Plugin: @unchecked Sendable {
    /// What a plugin may define, by the name that scripts use.
    enum Hook: String, CaseIterable, Sendable {
        case configure, partition
        case onNewBatch = "on_new_batch"
        case onSend = "on_send"
        case onAck = "on_ack"
        case onUnload = "on_unload"
        case onLoad = "on_load"
    }

    let source: PluginSource
    /// `name` in the script's table, else the source's.
    let name: String
    /// `version` in the script's table, as text.
    let version: String?
    private let state: LuaState
    private let hooks: [Hook: LuaFunction]
    // Kept apart from the others, since they are called for each record.
    let partition: LuaFunction?
    let onSend: LuaFunction?

    /// Loads a script under the limits of plugins, and checks that it gives what the role needs.
    /// - Throws: `KafkaError` of kind `illegalArgument` if the file cannot be read or its table is not a plugin's;
    ///   `LuaError` if it does not compile, raises, or uses too much.
    init(_ source: PluginSource, needing required: [Hook], configuration: [(key: String, value: String)] = []) throws {
        self.source = source
        let state = try LuaState(profile: .plugin, limits: .plugin)
        let chunk = try state.load(source.load(), name: "@\(source.name)")
        var hooks: [Hook: LuaFunction] = [:]
        var shape = (name: String?.none, version: String?.none)
        try state.call(chunk) { _ in
        } results: { (results) throws(LuaError) in
            guard results.type(results[1]) == .table else {
                throw LuaError(
                    "\(source.name) must return a table of functions, such as { partition = function(r, n) … end }; "
                        + "it returned \(results.typeName(results[1]))")
            }
            for hook in Hook.allCases {
                let slot = try results.field(hook.field, of: results[1])
                if results.isNil(slot) { continue }
                guard results.type(slot) == .function else {
                    throw LuaError(
                        "\(source.name): '\(hook.rawValue)' must be a function, got \(results.typeName(slot))")
                }
                hooks[hook] = try results.function(slot)
            }
            shape.name = try results.value(results.field("name", of: results[1])).text
            let version = try results.field("version", of: results[1])
            shape.version = results.isNil(version) ? nil : try results.description(version)
        }
        guard required.contains(where: { hooks[$0] != nil }) else {
            let names = required.map { "'\($0.rawValue)'" }.joined(separator: " or ")
            throw LuaError("\(source.name): the table that it returned has no function \(names)")
        }
        self.state = state
        self.hooks = hooks
        name = shape.name ?? source.name
        version = shape.version
        partition = hooks[.partition]
        onSend = hooks[.onSend]
        if let configure = hooks[.configure] {
            try state.call(
                configure,
                [.table(LuaTable(configuration.map { .init(key: .string($0.key), value: .string($0.value)) }))])
        }
    }

    func defines(_ hook: Hook) -> Bool { hooks[hook] != nil }

    /// Stops what the plugin runs, from any thread.
    var interrupt: LuaInterrupt { state.interrupt }

    // MARK: - Hooks

    /// Asks for the partition of a record: nil leaves it to the built-in partitioner.
    /// - Throws: `LuaError` if the script raises, or gives something else than a partition or nil.
    func partition(_ record: UnsafePointer<lk_record>, count: Int32) throws(LuaError) -> Int32? {
        guard let partition else { return nil }
        return try state.call(partition, record: record, Int(count)) { (results) throws(LuaError) -> Int32? in
            if results.isNil(results[1]) { return nil }
            guard results.type(results[1]) == .integer || results.type(results[1]) == .number else {
                throw LuaError(
                    "\(source.name): partition must return an integer or nil, got \(results.typeName(results[1]))")
            }
            let number = try results.integer(results[1])
            guard (0..<Int64(count)).contains(number) else {
                throw LuaError(
                    "\(source.name): partition returned \(number), but the topic has partitions 0 to \(count - 1)")
            }
            return Int32(number)
        }
    }

    func onNewBatch(topic: String, previous: Int32) throws(LuaError) {
        guard let hook = hooks[.onNewBatch] else { return }
        try state.call(hook, [.string(topic), .integer(Int64(previous))])
    }

    /// Lets the script see and change a record.
    func onSend(_ record: InterceptedRecord) throws(LuaError) -> InterceptedRecord {
        guard let onSend else { return record }
        let state = state
        return try record.withRecord { (view) throws(LuaError) in
            try state.withRecord(view) { (bound) throws(LuaError) in
                try state.call(onSend) {
                    $0.append(bound)
                } results: { _ in
                }
                return try record.changed { (field) throws(LuaError) in
                    try state.written(field, of: bound) { (frame) throws(LuaError) in try frame.value(frame[1]) }
                }
            }
        }
    }

    func onAck(_ metadata: RecordMetadata, _ error: KafkaError?) throws(LuaError) {
        guard let hook = hooks[.onAck] else { return }
        try state.call(hook) { writer in
            writer.append(metadata)
            if let error { writer.append(error, metatable: nil) } else { writer.appendNil() }
        } results: { _ in
        }
    }

    // MARK: - Handing over

    /// What the plugin hands on to the one that takes its place: plain data.
    func exportState() throws(LuaError) -> LuaValue {
        guard let hook = hooks[.onUnload] else { return .nil }
        return try state.call(hook).first ?? .nil
    }

    func importState(_ value: LuaValue, oldVersion: String?) throws(LuaError) {
        guard let hook = hooks[.onLoad] else { return }
        try state.call(hook, [value, oldVersion.map { .string($0) } ?? .nil])
    }
}

extension Plugin.Hook {
    /// The name as a literal, by which Lua's tables are read without making a string.
    fileprivate var field: StaticString {
        switch self {
        case .configure: "configure"
        case .partition: "partition"
        case .onNewBatch: "on_new_batch"
        case .onSend: "on_send"
        case .onAck: "on_ack"
        case .onUnload: "on_unload"
        case .onLoad: "on_load"
        }
    }
}

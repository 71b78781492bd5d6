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
        case serialize
        case onUnload = "on_unload"
        case onLoad = "on_load"
    }

    let source: PluginSource
    /// `name` in the script's table, else the source's.
    let name: String
    /// `version` in the script's table, as text.
    let version: String?
    private let state: LuaState
    private let errorMetatable: LuaReference
    private let hooks: [Hook: LuaFunction]
    // Kept apart from the others, since they are called for each record.
    private let partition: LuaFunction?
    private let onSend: LuaFunction?
    /// Whether it has `on_ack`.
    let hearsOfEnds: Bool
    /// Calls `serialize`, and gives back the headers too, which it may have changed.
    private let serializing: LuaFunction?
    /// Where these begin in the script, for errors in what they returned.
    private let partitionLine, unloadLine: Int?
    /// What `partition` has answered, where its answers hold.
    let remembered: RememberedPartitions?

    /// Loads a script under the limits of plugins, and checks that it gives what the role needs.
    /// - Throws: `LuaError` if it does not compile, raises, uses too much, or does not give what a plugin gives.
    init(_ text: PluginText, needing required: [Hook], _ options: LuaScriptOptions) throws(LuaError) {
        source = text.source
        let shape: Shape
        do throws(LuaError) {
            state = try LuaState(profile: .plugin, limits: options.limits)
            try PluginModule.install(in: state)
            errorMetatable = try ErrorTable.makeMetatable(in: state)
            shape = try Shape(of: text.bytes, named: source.name, in: state)
            serializing = shape.hooks[.serialize] == nil ? nil : try Self.makeSerializing(in: state)
            try shape.check(required)
        } catch {
            throw error.naming(source)
        }
        hooks = shape.hooks
        name = shape.name ?? source.name
        version = shape.version
        partition = hooks[.partition]
        remembered = shape.isPartitionedByKey ? RememberedPartitions() : nil
        partitionLine = shape.lines[.partition]
        unloadLine = shape.lines[.onUnload]
        onSend = hooks[.onSend]
        hearsOfEnds = hooks[.onAck] != nil
        try call(.configure, [.table(options.configurationTable)])
    }

    /// What a script returned: functions by name, and what it says of itself.
    private struct Shape {
        var hooks: [Hook: LuaFunction] = [:]
        var name: String?
        var version: String?
        /// Whether the partition depends on topic, key and number of partitions alone.
        var isPartitionedByKey = false
        /// Where the functions begin in the script.
        var lines: [Hook: Int] = [:]

        init(of text: [UInt8], named scriptName: String, in state: LuaState) throws(LuaError) {
            let chunk = try state.load(text, name: "@\(scriptName)")
            self = try state.call(chunk) { _ in
            } results: { (results) throws(LuaError) in
                try Shape(results)
            }
        }

        private init(_ results: borrowing LuaFrame) throws(LuaError) {
            let table = results[1]
            guard results.type(table) == .table else {
                throw LuaError(
                    "it must return a table of functions, such as { partition = function(r, n) … end }, "
                        + "and returned \(results.typeName(table))")
            }
            for hook in Hook.allCases {
                let slot = try results.field(hook.field, of: table)
                if results.isNil(slot) { continue }
                guard results.type(slot) == .function else {
                    throw LuaError("'\(hook.rawValue)' must be a function, got \(results.typeName(slot))")
                }
                hooks[hook] = try results.function(slot)
                lines[hook] = results.definitionLine(slot)
            }
            name = try results.value(results.field("name", of: table)).text
            let version = try results.field("version", of: table)
            self.version = results.isNil(version) ? nil : try results.description(version)
            isPartitionedByKey = try Self.isByKey(results.value(results.field("partition_by", of: table)))
            guard !isPartitionedByKey || hooks[.onNewBatch] == nil else {
                throw LuaError(
                    "with partition_by = 'key' there is no choice left for 'on_new_batch': leave one of them out")
            }
        }

        private static func isByKey(_ value: LuaValue) throws(LuaError) -> Bool {
            switch value {
            case .nil: return false
            case .string where value.text == "key": return true
            default: throw LuaError("'partition_by' must be 'key', or be left out, got \(value.text ?? value.typeName)")
            }
        }

        func check(_ required: [Hook]) throws(LuaError) {
            guard !required.contains(where: { hooks[$0] != nil }) else { return }
            let names = required.map { "'\($0.rawValue)'" }.joined(separator: " or ")
            throw LuaError("the table that it returned has no function \(names)")
        }
    }

    deinit { remembered?.deallocate() }

    func defines(_ hook: Hook) -> Bool { hooks[hook] != nil }

    /// Stops what the plugin runs, from any thread.
    var interrupt: LuaInterrupt { state.interrupt }

    // MARK: - Hooks

    /// Asks for the partition of a record: nil leaves it to the built-in partitioner.
    /// - Throws: `LuaError` if the script raises, or gives something else than a partition or nil.
    func partition(_ record: UnsafePointer<lk_record>, count: Int32) throws(LuaError) -> Int32? {
        guard let partition else { return nil }
        do throws(LuaError) {
            let answer = try state.integer(calling: partition, record, Int(count)) { (results) throws(LuaError) in
                throw unfit(try results.value(results[1]))
            }
            guard let answer else { return nil }
            guard answer >= 0, answer < count else {
                throw failure("partition returned \(answer), but the topic has partitions 0 to \(count - 1)")
            }
            return Int32(truncatingIfNeeded: answer)
        } catch {
            throw error.naming(source)
        }
    }

    private func unfit(_ value: LuaValue) -> LuaError {
        let what = if case .number(let number) = value { "\(number)" } else { value.typeName }
        return failure("partition must return an integer or nil, got \(what)")
    }

    private func failure(_ message: String) -> LuaError {
        LuaError(.runtime, message, script: source.name, line: partitionLine)
    }

    func onNewBatch(topic: String, previous: Int32) throws(LuaError) {
        try call(.onNewBatch, [.string(topic), .integer(Int64(previous))])
    }

    /// Lets the script see and change a record.
    /// - Throws: `LuaError` if the script raises or writes what a record cannot have; the record is then as it was.
    func onSend(_ record: inout InterceptedRecord) throws(LuaError) {
        guard let onSend else { return }
        let seen = record.seen
        do throws(LuaError) {
            try seen.lend { (lent) throws(LuaError) in
                try state.call(onSend, writing: lent) { (written) throws(LuaError) in try record.take(written) }
            }
        } catch {
            throw error.naming(source)
        }
    }

    private static func makeSerializing(in state: LuaState) throws(LuaError) -> LuaFunction {
        try state.call(
            state.load(
                "return function(serialize, topic, v, headers) return serialize(topic, v, headers), headers end",
                name: "=[kafka]")
        ) { _ in
        } results: { (results) throws(LuaError) in
            try results.function(results[1])
        }
    }

    /// Turns a value into bytes, or nil for null; headers may be added on the way.
    func serialize(
        topic: String, _ value: LuaValue, _ headers: Headers
    ) throws(LuaError) -> (bytes: [UInt8]?, headers: Headers) {
        guard let hook = hooks[.serialize], let serializing else { return (nil, headers) }
        do throws(LuaError) {
            return try state.call(serializing) { writer in
                writer.append(hook)
                writer.append(topic)
                writer.append(value)
                writer.append(headers)
            } results: { (results) throws(LuaError) in
                let result = try results.value(results[1])
                let headers = try Headers(results.value(results[2]))
                if result.isNull { return (nil, headers) }
                guard case .string(let bytes) = result else {
                    throw LuaError("serialize must return a string, or nil for null, got \(result.typeName)")
                }
                return (bytes, headers)
            }
        } catch {
            throw error.naming(source)
        }
    }

    func onAck(_ metadata: RecordMetadata, _ error: KafkaError?) throws(LuaError) {
        guard let hook = hooks[.onAck] else { return }
        do throws(LuaError) {
            try state.call(hook) { writer in
                writer.append(metadata)
                if let error { writer.append(error, metatable: errorMetatable) } else { writer.appendNil() }
            } results: { _ in
            }
        } catch {
            throw error.naming(source)
        }
    }

    // MARK: - Handing over

    /// What a plugin hands on is copied under the lock of its role.
    private static let largestState = LuaSnapshotLimits(bytes: 4 << 20)

    /// How many bytes the plugin's state holds.
    var memoryInUse: Int { state.memoryInUse }

    /// What the plugin hands on to the one that takes its place: plain data.
    func exportState() throws(LuaError) -> LuaValue {
        guard let hook = hooks[.onUnload] else { return .nil }
        do throws(LuaError) {
            return try state.call(hook) { _ in
            } results: { (results) throws(LuaError) in
                let limits = Self.largestState
                let size = results.bytesIfString(results[1])?.count ?? 0
                let value = size > limits.bytes ? .nil : try results.value(results[1], limits: limits)
                guard size <= limits.bytes, !value.isTruncated else {
                    throw LuaError(
                        .runtime,
                        "on_unload returned more than can be handed over, which is \(limits.bytes >> 20) MiB of strings, "
                            + "100,000 entries, and tables \(limits.depth) deep: let it return less",
                        script: source.name, line: unloadLine)
                }
                return value
            }
        } catch {
            throw error.naming(source)
        }
    }

    func importState(_ value: LuaValue, oldVersion: String?) throws(LuaError) {
        try call(.onLoad, [value, oldVersion.map { .string($0) } ?? .nil])
    }

    /// Calls a hook, if there is one, with copies of values; what it returns is of no interest.
    private func call(_ hook: Hook, _ arguments: [LuaValue]) throws(LuaError) {
        guard let function = hooks[hook] else { return }
        do throws(LuaError) {
            try state.call(function) { writer in
                for argument in arguments { writer.append(argument) }
            } results: { _ in
            }
        } catch {
            throw error.naming(source)
        }
    }
}

extension LuaError {
    /// The error with the plugin's name, where it has no place of its own.
    fileprivate func naming(_ source: PluginSource) -> LuaError {
        guard script == nil || line == nil else { return self }
        var error = self
        error.message = "\(source.name): \(message)"
        return error
    }
}

extension Plugin.Hook {
    /// One bit, for sets of hooks.
    @inline(__always)
    var bit: UInt32 {
        switch self {
        case .configure: 1 << 0
        case .partition: 1 << 1
        case .onNewBatch: 1 << 2
        case .onSend: 1 << 3
        case .onAck: 1 << 4
        case .serialize: 1 << 5
        case .onUnload: 1 << 6
        case .onLoad: 1 << 7
        }
    }

    /// The name as a literal, by which Lua's tables are read without making a string.
    fileprivate var field: StaticString {
        switch self {
        case .configure: "configure"
        case .partition: "partition"
        case .onNewBatch: "on_new_batch"
        case .onSend: "on_send"
        case .onAck: "on_ack"
        case .serialize: "serialize"
        case .onUnload: "on_unload"
        case .onLoad: "on_load"
        }
    }
}

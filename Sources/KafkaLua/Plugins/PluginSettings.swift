import KafkaProducer
import LuaRuntime

/// Files and options of a role as scripts write them: `"vip.lua"`, or `{ "vip.lua", on_error = "default", … }`.
struct PluginSettings {
    var sources: [PluginSource] = []
    var options = LuaScriptOptions()
    /// `drain`, which only a swap has.
    var drain: String?

    init(_ sources: [PluginSource]) { self.sources = sources }

    /// Reads a name, or a table: its items are names of files, its fields options.
    /// - Parameter present: what holds for what the table leaves out.
    /// - Throws: `KafkaError` of kind `configuration` that names the field.
    init(_ value: LuaValue, of name: String, over present: LuaScriptOptions = LuaScriptOptions()) throws(KafkaError) {
        options = present
        if let path = value.text {
            sources = path.split(separator: ",").map { PluginSource(path: String($0)) }
            return
        }
        guard case .table(let table) = value else {
            throw KafkaError(.configuration, "\(name) must be a file's name or a table, got \(value.typeName)")
        }
        for pair in table.pairs {
            if pair.key.integer != nil {
                guard let path = pair.value.text else {
                    throw KafkaError(
                        .configuration, "\(name): each item must be a file's name, got \(pair.value.typeName)")
                }
                sources.append(PluginSource(path: path))
            } else {
                try take(pair.key.text ?? "", pair.value, name)
            }
        }
    }

    private mutating func take(_ field: String, _ value: LuaValue, _ name: String) throws(KafkaError) {
        switch field {
        case "on_error":
            guard let choice = value.text.flatMap(LuaScriptOptions.OnError.init) else {
                throw Self.unfit(name, field, "'fail' or 'default'")
            }
            options.onError = choice
        case "rollback_after":
            options.rollbackAfter = value == .boolean(false) ? nil : try Self.count(value, 1...1_000_000, name, field)
        case "instances": options.instances = try Self.count(value, 1...64, name, field)
        case "memory_limit": options.limits.memory = try Self.count(value, 1 << 20...1 << 40, name, field)
        case "time_limit_ms":
            options.limits.time = .milliseconds(try Self.count(value, 1...60_000, name, field))
        case "config": options.configuration = try Self.configuration(value, name)
        case "drain":
            guard let text = value.text, ["none", "keys", "flush"].contains(text) else {
                throw Self.unfit(name, field, "'none', 'keys' or 'flush'")
            }
            drain = text
        default:
            throw KafkaError(
                .configuration,
                "\(name) has no option '\(field)': there are config, drain (for swap), instances, memory_limit, on_error, "
                    + "rollback_after and time_limit_ms")
        }
    }

    private static func count(
        _ value: LuaValue, _ range: ClosedRange<Int>, _ name: String, _ field: String
    ) throws(KafkaError) -> Int {
        guard let number = value.integer, let count = Int(exactly: number), range.contains(count) else {
            throw unfit(name, field, "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return count
    }

    private static func configuration(_ value: LuaValue, _ name: String) throws(KafkaError) -> [String: String] {
        guard case .table(let table) = value else { throw unfit(name, "config", "a table") }
        var configuration: [String: String] = [:]
        for pair in table.pairs {
            guard let key = pair.key.text, let text = pair.value.settingText else {
                throw unfit(name, "config", "a table of strings, numbers and booleans by name")
            }
            configuration[key] = text
        }
        return configuration
    }

    private static func unfit(_ name: String, _ field: String, _ expected: String) -> KafkaError {
        KafkaError(.configuration, "option '\(field)' of \(name) must be \(expected)")
    }
}

extension LuaValue {
    /// A value of a configuration as text; nil for what is none.
    var settingText: String? {
        switch self {
        case .string: text
        case .integer(let number): String(number)
        case .number(let number): Int64(exactly: number).map { String($0) } ?? String(number)
        case .boolean(let flag): String(flag)
        default: nil
        }
    }
}

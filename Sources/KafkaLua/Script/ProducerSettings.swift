import KafkaProducer
import LuaRuntime

/// What a producer of a script is made from: keys of the command line, overridden by those of `kafka.producer{}`.
struct ProducerSettings {
    var properties: [(key: String, value: String)]
    /// A plugin, where the partitioner is not one of those built in.
    var partitioner: PluginSettings?
    var interceptors: PluginSettings?
    var serializer: PluginSettings?
    /// Whether plugins whose files change are exchanged by themselves.
    var isWatched = false
    /// Gives tokens for OAUTHBEARER; only a table can hold it, as with the next two.
    var tokenFunction: LuaFunction?
    /// Serializers that a script gives, instead of those with a name.
    var keySerializer: LuaFunction?
    var valueSerializer: LuaFunction?

    init(properties: [(key: String, value: String)]) {
        self.properties = []
        for (key, value) in properties { set(key, value) }
    }

    /// Sets a dotted key, or one of the names that only scripts have.
    mutating func set(_ key: String, _ value: String) {
        switch key {
        case "partitioner", "partitioner.class":
            if PluginSource.looksLikeFile(value) {
                partitioner = PluginSettings([PluginSource(path: value)])
            } else {
                partitioner = nil
                put("partitioner.class", value)
            }
        case "interceptors", "interceptor.classes":
            interceptors = PluginSettings(value.split(separator: ",").map { PluginSource(path: String($0)) })
        case "serializer": serializer = PluginSettings([PluginSource(path: value)])
        case "watch": isWatched = value == "true"
        case "key_serializer": put("key.serializer", value)
        case "value_serializer": put("value.serializer", value)
        default: put(key, value)
        }
    }

    private mutating func put(_ key: String, _ value: String) {
        properties.removeAll { $0.key == key }
        properties.append((key, value))
    }

    func configuration() throws(KafkaError) -> ProducerConfiguration {
        try ProducerConfiguration(properties: properties)
    }

    /// Takes the table of `kafka.producer{}`.
    mutating func merge(_ table: LuaSlot, in frame: borrowing LuaFrame) throws {
        var entries: [(key: String, value: LuaValue)] = []
        try frame.forEach(of: table) { (key, value) throws(LuaError) in
            guard frame.type(key) == .string else { throw frame.mismatch(key, "string (a configuration key)") }
            entries.append((try frame.string(key), try frame.value(value)))
            return true
        }
        // A table has no order; sorted, the same mistake gives the same message.
        for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
            if case .table = value, try setPlugins(key, value) { continue }
            switch (key, value) {
            case ("oauth", _): tokenFunction = try Self.function(value)
            case ("key_serializer", .function(let function)), ("key.serializer", .function(let function)):
                keySerializer = function
            case ("value_serializer", .function(let function)), ("value.serializer", .function(let function)):
                valueSerializer = function
            default: set(key, try Self.text(of: value, key: key))
            }
        }
    }

    /// Takes a role's table of files and options; returns whether the key is that of a role.
    private mutating func setPlugins(_ key: String, _ value: LuaValue) throws(KafkaError) -> Bool {
        switch key {
        case "partitioner": partitioner = try PluginSettings(value, of: key)
        case "interceptors": interceptors = try PluginSettings(value, of: key)
        case "serializer": serializer = try PluginSettings(value, of: key)
        default: return false
        }
        return true
    }

    private static func function(_ value: LuaValue) throws(KafkaError) -> LuaFunction {
        guard case .function(let function) = value else {
            throw KafkaError(.configuration, "oauth must be a function that returns {token = …, lifetime_ms = …}")
        }
        return function
    }

    private static func text(of value: LuaValue, key: String) throws(KafkaError) -> String {
        switch value {
        case .string: return value.text ?? ""
        case .integer(let number): return String(number)
        case .number(let number): return Int64(exactly: number).map { String($0) } ?? String(number)
        case .boolean(let flag): return String(flag)
        case .table(let table):
            let items = table.pairs.compactMap(\.value.text)
            if items.count == table.pairs.count { return items.joined(separator: ",") }
            fallthrough
        default:
            throw KafkaError(.configuration, "\(key) must be a string, a number, a boolean or a list of strings")
        }
    }
}

extension ScriptOptions {
    /// Whether a property means something only to scripts, such as a partitioner's file.
    public static func isForScripts(_ key: String, _ value: String) -> Bool {
        switch key {
        case "partitioner", "partitioner.class": PluginSource.looksLikeFile(value)
        case "interceptors", "interceptor.classes", "key_serializer", "value_serializer", "serializer", "watch": true
        default: false
        }
    }
}

import KafkaProducer

/// What scripts see, annotated for Lua language servers (LuaCATS).
public enum LuaDefinitions {
    /// The module with its classes and globals, and the keys of configurations from their table.
    public static var text: String {
        String(decoding: PackageResources.kafka_lua, as: UTF8.self) + configurationKeys + "\nreturn kafka\n"
    }

    private static var configurationKeys: String {
        let fields = ConfigurationKey.all.map { key in
            var line = "---@field [\"\(key.name)\"]? \(type(of: key)) \(key.documentation)"
            if !key.defaultValue.isEmpty { line += " Default: \(key.defaultValue)." }
            return line + "\n"
        }
        return "\n---@class kafka.config\n" + fields.joined()
    }

    /// The type as LuaCATS says it.
    private static func type(of key: ConfigurationKey) -> String {
        // What follows a comma is the unit.
        switch key.type.prefix(while: { $0 != "," }) {
        case "boolean": return "boolean"
        case "short", "int", "long": return "integer"
        case "double": return "number"
        case "list": return "string|string[]"
        default:
            // What is written in code may be chosen freely.
            guard !key.choices.isEmpty, key.type != "class" else { return "string" }
            return key.choices.map { "\"\($0)\"" }.joined(separator: "|")
        }
    }
}

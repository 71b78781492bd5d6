/// The forms of a send loop in Lua.
enum ScriptLoop: Sendable, Equatable {
    /// `p:send(topic, key, value)`.
    case positional
    /// `p:send{ topic = …, key = …, value = … }`: a fresh table a record.
    case table

    /// A script that makes a producer of `settings` and defines `send(records)`. It finds ready strings in the globals
    /// `keys` and `values`, and what there is to send to in `topic`.
    func source(hasKeys: Bool) -> String {
        let key = hasKeys ? "keys[i % key_count + 1]" : "nil"
        let value = "values[i % value_count + 1]"
        let call =
            switch self {
            case .positional: "producer:send(topic, \(key), \(value))"
            case .table: "producer:send{ topic = topic, key = \(key), value = \(value) }"
            }
        return """
            local producer = require("kafka").producer(settings)
            local topic, keys, values = topic, keys, values
            local key_count, value_count = #keys, #values

            function send(records)
                for i = 0, records - 1 do
                    \(call)
                end
                assert(producer:flush())
            end
            """
    }
}

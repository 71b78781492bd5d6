/// A plugin in Lua, as users write them.
enum LuaPlugin: Sendable {
    case partitioner
    case partitionerByKey
    case interceptor

    /// The key of `kafka.producer{}` that takes the plugin's file.
    var setting: String {
        switch self {
        case .partitioner, .partitionerByKey: "partitioner"
        case .interceptor: "interceptors"
        }
    }

    /// The plugin's text: the partitioner reads the key and leaves most records alone, the interceptor reads the value and writes it.
    var source: String {
        switch self {
        case .partitioner:
            """
            return {
                partition = function(record, count)
                    if record.key == "Banana" then return count - 1 end
                end,
            }
            """
        case .partitionerByKey:
            """
            return {
                partition_by = "key",
                partition = function(record, count)
                    if record.key == "Banana" then return count - 1 end
                end,
            }
            """
        case .interceptor:
            """
            return {
                on_send = function(record) record.value = "seen," .. record.value end,
            }
            """
        }
    }
}

public import LuaRuntime

/// How a script runs, and what happens when it fails.
public struct LuaScriptOptions: Sendable {
    /// What becomes of a record whose partition or bytes the script cannot give.
    public enum OnError: String, Sendable, CaseIterable {
        /// The record fails with the script's error.
        case fail
        /// The built-in partitioner, or the producer's serializer, takes the record.
        case `default`
    }

    /// What a call may use: 64 MiB and 100 ms unless it is set.
    public var limits = LuaLimits.plugin
    /// How many Lua states run the script, each under a lock of its own, so that as many threads can call it at the same
    /// time. From 1 to 64. With more than one the script must not rely on what it has seen before: each state sees a
    /// part of the records only.
    public var instances = 1
    public var onError = OnError.fail
    /// After how many errors within a second the version before takes over again; nil for never.
    public var rollbackAfter: Int?
    /// What `configure(cfg)` gets.
    public var configuration: [String: String] = [:]

    public init() {}

    /// What `configure` gets, in an order of its own.
    var configurationTable: LuaTable {
        LuaTable(
            configuration.sorted { $0.key < $1.key }.map { .init(key: .string($0.key), value: .string($0.value)) })
    }
}

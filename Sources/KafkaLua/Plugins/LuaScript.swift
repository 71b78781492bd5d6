public import KafkaProducer
public import Logging
public import LuaRuntime

/// A Lua script that partitions, intercepts or serializes the records of producers written in Swift, and may be
/// exchanged for another version while they send.
///
/// ```swift
/// let script = try LuaScript(file: "vip.lua")
/// var configuration = try ProducerConfiguration(bootstrapServers: "localhost:9092")
/// configuration.partitioner = script.partitioner
/// let producer = try Producer<String, String>(configuration, interceptors: [script.interceptor()])
/// try script.swap(toFile: "vip-2.lua", drain: .keys)
/// ```
///
/// The script returns a table of functions, and each use needs one of them: `partition`, `on_send` or `on_ack`,
/// `serialize`. It runs in a sandbox. All of it may be called from many threads at a time: they wait for each other,
/// unless ``LuaScriptOptions/instances`` allows more states than one. A record meets one version only in `on_send`,
/// `serialize` and `partition`, if it is sent by a producer that has the script's interceptor; `on_ack` is that of the
/// version which saw the record.
public final class LuaScript: Sendable {
    let slot: PluginSlot
    private let interceptors: InterceptorRole
    private let serializers: SerializerRole
    private let watch: PluginWatch

    /// Loads a script from a file.
    /// - Throws: `LuaError` with file and line if it does not compile, raises, uses too much, or returns something else
    ///   than such a table; `KafkaError` of kind `illegalArgument` if the file cannot be read.
    public convenience init(
        file path: String, options: LuaScriptOptions = LuaScriptOptions(), logger: Logger = Logger(label: "kafka-lua")
    ) throws {
        try self.init(PluginSource(path: path), options: options, logger: logger)
    }

    /// Loads a script from its text; errors call it `name`.
    /// - Throws: as `init(file:options:logger:)`.
    public convenience init(
        text: String, name: String, options: LuaScriptOptions = LuaScriptOptions(),
        logger: Logger = Logger(label: "kafka-lua")
    ) throws {
        try self.init(PluginSource(text: text, name: name), options: options, logger: logger)
    }

    private init(_ source: PluginSource, options: LuaScriptOptions, logger: Logger) throws {
        slot = PluginSlot(.script, instances: options.instances, logger: logger)
        interceptors = InterceptorRole(slot, logger: logger)
        serializers = SerializerRole(slot)
        watch = PluginWatch([slot], logger: logger)
        try slot.swap(to: [source], options)
    }

    // MARK: - Use

    /// The script's `partition(r, n)`, for `ProducerConfiguration.partitioner`. nil from it, or a version without it,
    /// leaves the record to the built-in partitioner.
    ///
    /// Each producer takes one of its own. While one of them has a transaction open, swaps wait for the end.
    public var partitioner: PartitionerChoice {
        slot.goesOn()
        return .custom(PartitionerRole(slot))
    }

    /// The script's `on_send(r)` and `on_ack(md, err)`, for `Producer(…, interceptors:)`. What they raise is logged and
    /// passed over. `on_ack` runs on a thread of its own.
    public func interceptor<Key: LuaBytes, Value: LuaBytes>(
        _ key: Key.Type = Key.self, _ value: Value.Type = Value.self
    ) -> LuaInterceptor<Key, Value> {
        slot.beginsWithInterceptor()
        return LuaInterceptor(interceptors)
    }

    /// The script's `serialize(topic, v, headers)`, for `Producer(…, valueSerializer:)`. It gives a string; null is not
    /// asked about, and cannot be its result here.
    public var serializer: Serializer<LuaValue> {
        slot.goesOn()
        return Serializer(name: "lua") { [serializers, slot] value, topic, headers in
            let result = try serializers.serialize(topic: topic, value, headers, pins: !slot.hasInterceptor)
            guard let bytes = result?.bytes else {
                throw KafkaError(.serialization, "'serialize' of the script gave no string for a value of '\(topic)'")
            }
            headers = result?.headers ?? headers
            return bytes
        }
    }

    /// The functions that the version in force gives, such as `partition`.
    public var functions: [String] { Plugin.Hook.allCases.filter(slot.plays).map(\.rawValue) }

    // MARK: - Exchange

    /// How many versions have been in force, with the present one; the record's `RecordMetadata.generation`.
    public var generation: Int { slot.generation }

    /// What is in force.
    public var description: ScriptDescription? { slot.descriptions.first }

    /// Puts the version that a file has now in the place of the present one, between two records.
    ///
    /// It is loaded and tried while the present one goes on; then it takes over what `on_unload` of that one hands on.
    /// Records that have met the present one in a hook go through the others with it too: what it learns from them then is
    /// not handed on.
    /// - Parameters:
    ///   - options: those of the new version; nil keeps the present ones. The number of instances stays.
    ///   - drain: what it waits for.
    /// - Returns: its generation; within a transaction the one that it will have at the end.
    /// - Throws: `LuaError` with file and line, or `KafkaError`. The present version then goes on.
    @discardableResult
    public func swap(toFile path: String, options: LuaScriptOptions? = nil, drain: Drain = .none) throws -> Int {
        try slot.swap(to: [PluginSource(path: path)], options, drain: drain)
    }

    /// As `swap(toFile:options:drain:)`, with a text that errors call `name`.
    @discardableResult
    public func swap(
        toText text: String, name: String, options: LuaScriptOptions? = nil, drain: Drain = .none
    ) throws -> Int {
        try slot.swap(to: [PluginSource(text: text, name: name)], options, drain: drain)
    }

    /// Brings back the version before the present one, as its text was; it counts as a new generation.
    /// - Throws: `KafkaError` of kind `illegalState` if there is none.
    @discardableResult
    public func rollback() throws -> Int { try slot.rollback() }

    /// Whether the script's file is watched: whatever is written to it takes over, if it is sound, within a second. What
    /// became of it is logged.
    public var isWatched: Bool {
        get { watch.isOn }
        set { watch.isOn = newValue }
    }

    /// Waits until `on_ack` has been told of all that was acknowledged so far.
    public func acknowledgementsTold() async { await interceptors.acknowledged().opened() }
}

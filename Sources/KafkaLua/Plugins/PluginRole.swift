import CLuaShim
import KafkaProducer
import LuaRuntime

/// What a plugin is there for: which hooks it needs, and how it is tried before it is used.
enum PluginRole: String, CaseIterable, Sendable {
    case partitioner, interceptor, serializer
    /// All of them at once, as applications written in Swift use a script.
    case script

    /// One of these has to be there.
    var hooks: [Plugin.Hook] {
        switch self {
        case .partitioner: [.partition]
        case .interceptor: [.onSend, .onAck]
        case .serializer: [.serialize]
        case .script: [.partition, .onSend, .onAck, .serialize]
        }
    }

    private static let probePartitions: Int32 = 8

    /// Asks for the partition of a record that nobody sends: what raises or gives nonsense is found before it is used.
    func probe(_ plugin: Plugin) throws(LuaError) {
        guard self == .partitioner || self == .script, plugin.defines(.partition) else { return }
        // Numbers, which are text too.
        let (topic, key, value): (StaticString, StaticString, StaticString) = ("probe", "0", "0")
        let probe = LuaRecord(topic: .init(topic), key: .init(key), value: .init(value))
        do throws(LuaError) {
            try probe.lend { (record) throws(LuaError) in
                var record = record.pointee
                record.is_key_alone = plugin.remembered != nil
                _ = try plugin.partition(&record, count: Self.probePartitions)
            }
        } catch var error {
            error.message += " (when tried on a record of topic '\(topic)' with key '\(key)' and value '\(value)')"
            throw error
        }
    }
}

extension UnsafeRawBufferPointer {
    /// A literal's bytes, which stay where they are.
    fileprivate init(_ text: StaticString) {
        self.init(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}

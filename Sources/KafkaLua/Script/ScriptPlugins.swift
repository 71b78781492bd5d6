import KafkaProducer
import Logging
import LuaRuntime

/// The plugins of a script's producer, role by role.
final class ScriptPlugins {
    let partitioner: PartitionerRole
    let interceptors: InterceptorRole
    let serializer: SerializerRole
    let slots: [PluginSlot]
    // Asked for each record: of the roles above a reference would be counted each time.
    private let interceptorSlot, serializerSlot: Unmanaged<PluginSlot>
    let watch: PluginWatch

    /// - Throws: `KafkaError`, or `LuaError` where a plugin is at fault.
    init(_ settings: ProducerSettings, builtIn: PartitionerChoice, logger: Logger) throws {
        let wanted = [settings.partitioner, settings.interceptors, settings.serializer]
        slots = zip([PluginRole.partitioner, .interceptor, .serializer], wanted).map { role, wanted in
            PluginSlot(role, instances: wanted?.options.instances ?? 1, logger: logger)
        }
        partitioner = PartitionerRole(slots[0], builtIn: builtIn, companions: Array(slots.dropFirst()))
        interceptors = InterceptorRole(slots[1], logger: logger)
        serializer = SerializerRole(slots[2])
        interceptorSlot = .passUnretained(slots[1])
        serializerSlot = .passUnretained(slots[2])
        watch = PluginWatch(slots, logger: logger)
        for (slot, wanted) in zip(slots, wanted) {
            if let wanted, !wanted.sources.isEmpty { try slot.swap(to: wanted.sources, wanted.options) }
        }
        if settings.isWatched { watch.isOn = true }
    }

    /// Whether records meet interceptors.
    var intercepts: Bool { interceptorSlot._withUnsafeGuaranteedRef { !$0.isEmpty } }
    /// Whether a plugin serializes values.
    var serializes: Bool { serializerSlot._withUnsafeGuaranteedRef { !$0.isEmpty } }

    func slot(_ role: String) -> PluginSlot? { slots.first { $0.role.rawValue == role } }
}

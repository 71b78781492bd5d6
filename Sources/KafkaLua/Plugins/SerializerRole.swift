import KafkaProducer
import LuaRuntime

/// The serializer of a producer's values, where it is a Lua plugin.
final class SerializerRole: Sendable {
    let slot: PluginSlot

    init(_ slot: PluginSlot) { self.slot = slot }

    /// The bytes of a value, nil for null, and the headers with what was added to them. nil where the producer's own
    /// serializer is to be asked instead (`on_error = "default"`).
    /// - Parameter pins: whether it is the first hook of the record, whose version the others use then.
    /// - Throws: `KafkaError` of kind `serialization` with the script's error.
    func serialize(
        topic: String, _ value: LuaValue, _ headers: Headers, pins: Bool = false
    ) throws(KafkaError) -> (bytes: [UInt8]?, headers: Headers)? {
        let generation = pins ? slot.beginPinned() : slot.pinned ?? slot.generation
        do throws(LuaError) {
            return try slot.withChain(of: generation) { (chain) throws(LuaError) in
                try chain.first?.serialize(topic: topic, value, headers)
            }
        } catch {
            if pins { slot.unpin() }
            slot.failed(in: generation)
            if slot.isDefaultUsedOnError { return nil }
            throw KafkaError(.serialization, "\(error)")
        }
    }
}

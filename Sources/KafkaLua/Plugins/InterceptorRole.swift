import KafkaProducer
import Logging
import LuaRuntime
import Synchronization

/// The interceptors of a producer: Lua plugins, each of which may be exchanged while records flow.
///
/// What one of them raises is logged and passed over, as in Java: the record goes on as it was.
final class InterceptorRole: Sendable {
    private struct State {
        var slots: [PluginSlot] = []
        var generation = 0
    }

    private let state = Mutex(State())
    private let acknowledgements: AcknowledgementQueue
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
        acknowledgements = AcknowledgementQueue(logger: logger)
    }

    var isEmpty: Bool { state.withLock { $0.slots.isEmpty } }

    /// How many times the interceptors were exchanged, all together.
    var generation: Int { state.withLock { $0.generation } }

    /// Puts other interceptors in the place of the present ones.
    /// - Throws: `LuaError` or `KafkaError`; the former ones then go on.
    @discardableResult
    func replace(with sources: [PluginSource]) throws -> Int {
        let next = try sources.map { source in
            let plugin = try Self.prepare(source)
            try plugin.importState(.nil, oldVersion: nil)
            return PluginSlot(plugin)
        }
        return publish(next)
    }

    private func publish(_ slots: [PluginSlot]) -> Int {
        state.withLock { state in
            state.slots = slots
            state.generation += 1
            return state.generation
        }
    }

    /// Exchanges the one interceptor that there is, or takes the first.
    /// - Throws: `LuaError` or `KafkaError`; the former one then goes on.
    @discardableResult
    func swap(to source: PluginSource) throws -> Int {
        let next = try Self.prepare(source)
        let present = state.withLock { $0.slots }
        guard present.count <= 1 else {
            throw KafkaError(
                .illegalArgument, "there are \(present.count) interceptors: swap them all, with a list of files")
        }
        let slot = present.first ?? PluginSlot()
        try slot.replace(with: next)
        return publish([slot])
    }

    private static func prepare(_ source: PluginSource) throws -> Plugin {
        try Plugin(source, needing: [.onSend, .onAck])
    }

    /// What is told when the record is done: metadata, error, and the callback that comes after the interceptors.
    typealias Acknowledge = @Sendable (RecordMetadata, KafkaError?, DeliveryCallback?) -> Void

    /// Passes a record through the chain. Those that saw it are told what became of it, whatever is exchanged meanwhile.
    func onSend(_ record: InterceptedRecord) -> (InterceptedRecord, Acknowledge) {
        let present = state.withLock { $0.slots }
        var record = record
        for slot in present {
            do throws(LuaError) {
                record = try slot.withPlugin { (plugin) throws(LuaError) in try plugin.onSend(record) } ?? record
            } catch {
                logger.warning("interceptor failed in on_send, the record goes on as it was: \(error)")
            }
        }
        return (
            record,
            { [acknowledgements] metadata, error, callback in
                acknowledgements.append(present, metadata, error)
                callback?(metadata, error)
            }
        )
    }

    /// Opens when the interceptors have heard of all that was acknowledged so far.
    func acknowledged() -> Latch { acknowledgements.drained() }
}

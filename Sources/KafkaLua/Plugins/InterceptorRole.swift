import KafkaProducer
import Logging
import LuaRuntime
import Synchronization

/// The interceptors of a producer: Lua plugins, each of which may be exchanged while records flow.
///
/// What one of them raises is logged and passed over, as in Java: the record goes on as it was.
final class InterceptorRole: Sendable {
    private let slots = Mutex<[PluginSlot]>([])
    private let acknowledgements: AcknowledgementQueue
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
        acknowledgements = AcknowledgementQueue(logger: logger)
    }

    var isEmpty: Bool { slots.withLock { $0.isEmpty } }

    /// How many times the interceptors were exchanged, all together.
    var generation: Int { slots.withLock { $0.reduce(0) { $0 + $1.generation } } }

    /// Puts other interceptors in the place of the present ones.
    /// - Throws: `LuaError` or `KafkaError`; the former ones then go on.
    func replace(with sources: [PluginSource]) throws {
        let next = try sources.map { PluginSlot(try Self.prepare($0)) }
        slots.withLock { $0 = next }
    }

    /// Exchanges the one interceptor that there is, or takes the first.
    /// - Throws: `LuaError` or `KafkaError`; the former one then goes on.
    @discardableResult
    func swap(to source: PluginSource) throws -> Int {
        let next = try Self.prepare(source)
        let present = slots.withLock { $0 }
        guard present.count <= 1 else {
            throw KafkaError(
                .illegalArgument, "there are \(present.count) interceptors: swap them all, with a list of files")
        }
        if let slot = present.first { return try slot.replace(with: next) }
        try next.importState(.nil, oldVersion: nil)
        slots.withLock { $0 = [PluginSlot(next)] }
        return 1
    }

    private static func prepare(_ source: PluginSource) throws -> Plugin {
        try Plugin(source, needing: [.onSend, .onAck])
    }

    /// What is told when the record is done: metadata, error, and the callback that comes after the interceptors.
    typealias Acknowledge = @Sendable (RecordMetadata, KafkaError?, DeliveryCallback?) -> Void

    /// Passes a record through the chain. Those that saw it are told what became of it, whatever is exchanged meanwhile.
    func onSend(_ record: InterceptedRecord) -> (InterceptedRecord, Acknowledge) {
        let present = slots.withLock { $0 }
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

    /// Lets what has been acknowledged be told.
    func close() { acknowledgements.drain() }
}

import KafkaProducer
import Logging
import LuaRuntime

/// The interceptors of a producer: a chain of Lua plugins, exchanged as a whole while records flow.
///
/// What one of them raises is logged and passed over, as in Java: the record goes on as it was.
final class InterceptorRole: Sendable {
    let slot: PluginSlot
    private let acknowledgements: AcknowledgementQueue
    private let logger: Logger

    init(_ slot: PluginSlot, logger: Logger) {
        self.slot = slot
        self.logger = logger
        acknowledgements = AcknowledgementQueue(slot, logger: logger)
    }

    /// Passes a record through the chain.
    /// - Returns: what to call when the record is done: `callback`, after the interceptors where they want to hear of it.
    ///   The version that saw the record is told, whatever is exchanged then.
    func onSend(_ record: inout InterceptedRecord, _ callback: DeliveryCallback?) -> DeliveryCallback? {
        let generation = slot.generation
        guard onSend(&record, generation) else { return callback }
        return { [self] metadata, error in
            acknowledge(metadata, error, generation)
            callback?(metadata, error)
        }
    }

    /// The same by the chain of that version.
    /// - Returns: whether it wants to hear of the record's end.
    @discardableResult
    func onSend(_ record: inout InterceptedRecord, _ generation: Int) -> Bool {
        var hearsOfEnds = false
        var failures: [LuaError] = []
        slot.forEachPlugin(of: generation) { plugin in
            if plugin.hearsOfEnds { hearsOfEnds = true }
            do throws(LuaError) {
                try plugin.onSend(&record)
            } catch {
                failures.append(error)
            }
        }
        for failure in failures {
            logger.warning("interceptor failed in on_send, the record goes on as it was: \(failure)")
            slot.failed(in: generation)
        }
        return hearsOfEnds
    }

    /// Tells the version that saw the record, on a thread of its own.
    func acknowledge(_ metadata: RecordMetadata, _ error: KafkaError?, _ generation: Int) {
        if slot.plays(.onAck) || slot.generation != generation {
            acknowledgements.append(generation, metadata, error)
        }
    }

    /// Opens when the interceptors have heard of all that was acknowledged so far.
    func acknowledged() -> Latch { acknowledgements.drained() }
}

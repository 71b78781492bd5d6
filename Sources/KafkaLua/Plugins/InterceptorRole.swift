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

    var isEmpty: Bool { slot.isEmpty }

    /// What is told when the record is done: metadata, error, and the callback that comes after the interceptors.
    typealias Acknowledge = @Sendable (RecordMetadata, KafkaError?, DeliveryCallback?) -> Void

    /// Passes a record through the chain. The version that saw it is told what became of it, whatever is exchanged then.
    func onSend(_ record: InterceptedRecord) -> (InterceptedRecord, Acknowledge) {
        let generation = slot.generation
        let record = onSend(record, generation)
        return (
            record,
            { [self] metadata, error, callback in
                acknowledge(metadata, error, generation)
                callback?(metadata, error)
            }
        )
    }

    func onSend(_ record: InterceptedRecord, _ generation: Int) -> InterceptedRecord {
        var record = record
        var failures: [LuaError] = []
        // Nothing in it is thrown: each plugin's error is its own.
        try? slot.withChain(of: generation) { (chain) throws(LuaError) in
            for plugin in chain {
                do throws(LuaError) {
                    record = try plugin.onSend(record)
                } catch {
                    failures.append(error)
                }
            }
        }
        for failure in failures {
            logger.warning("interceptor failed in on_send, the record goes on as it was: \(failure)")
            slot.failed(in: generation)
        }
        return record
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

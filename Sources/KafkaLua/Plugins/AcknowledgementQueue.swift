import DequeModule
import Dispatch
import KafkaProducer
import Logging
import LuaRuntime
import Synchronization

/// Tells interceptors what became of records, on a thread of its own: Lua never holds up the network.
final class AcknowledgementQueue: Sendable {
    private struct Entry: Sendable {
        var slots: [PluginSlot]
        var metadata: RecordMetadata
        var error: KafkaError?
    }

    private struct State {
        var entries: Deque<Entry> = []
        var isDraining = false
        var dropped = 0
    }

    /// Beyond this many the oldest are left out, and counted: an interceptor that cannot keep up must not use up memory.
    private static let limit = 1 << 20

    private let state = Mutex(State())
    private let thread = DispatchQueue(label: "kafka-lua.on_ack")
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    func append(_ slots: [PluginSlot], _ metadata: RecordMetadata, _ error: KafkaError?) {
        let starts = state.withLock { state in
            if state.entries.count >= Self.limit {
                state.entries.removeFirst()
                state.dropped += 1
            }
            state.entries.append(Entry(slots: slots, metadata: metadata, error: error))
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if starts { thread.async { self.run() } }
    }

    /// Waits until all that has come so far has been told.
    func drain() { thread.sync {} }

    private func run() {
        while let entry = next() {
            for slot in entry.slots {
                do throws(LuaError) {
                    _ = try slot.withPlugin { (plugin) throws(LuaError) in
                        try plugin.onAck(entry.metadata, entry.error)
                    }
                } catch {
                    logger.warning("interceptor failed in on_ack: \(error)")
                }
            }
        }
    }

    private func next() -> Entry? {
        let (entry, dropped) = state.withLock { state in
            let entry = state.entries.popFirst()
            if entry == nil { state.isDraining = false }
            defer { state.dropped = 0 }
            return (entry, state.dropped)
        }
        if dropped > 0 { logger.warning("interceptors do not keep up: on_ack was not told of \(dropped) records") }
        return entry
    }
}

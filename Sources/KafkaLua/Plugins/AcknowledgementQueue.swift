import DequeModule
import Dispatch
import KafkaProducer
import Logging
import LuaRuntime
import Synchronization

/// Tells interceptors what became of records, on a thread of its own: Lua never holds up the network.
final class AcknowledgementQueue: Sendable {
    private struct Entry: Sendable {
        /// The version that saw the record when it was sent.
        var generation: Int
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
    private let slot: PluginSlot
    private let logger: Logger

    init(_ slot: PluginSlot, logger: Logger) {
        self.slot = slot
        self.logger = logger
    }

    func append(_ generation: Int, _ metadata: RecordMetadata, _ error: KafkaError?) {
        let starts = state.withLock { state in
            if state.entries.count >= Self.limit {
                state.entries.removeFirst()
                state.dropped += 1
            }
            state.entries.append(Entry(generation: generation, metadata: metadata, error: error))
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if starts { thread.async { self.run() } }
    }

    /// Opens when all that has come so far has been told.
    func drained() -> Latch {
        let latch = Latch()
        thread.async { latch.open() }
        return latch
    }

    private func run() {
        while let entry = next() {
            var failures: [LuaError] = []
            try? slot.withChain(of: entry.generation) { (chain) throws(LuaError) in
                for plugin in chain {
                    do throws(LuaError) {
                        try plugin.onAck(entry.metadata, entry.error)
                    } catch {
                        failures.append(error)
                    }
                }
            }
            for failure in failures {
                logger.warning("interceptor failed in on_ack: \(failure)")
                slot.failed(in: entry.generation)
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

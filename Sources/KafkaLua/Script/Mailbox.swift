import DequeModule
import KafkaProducer
import LuaRuntime
import NIOCore
import Synchronization

/// What the I/O thread leaves for the script's thread: deliveries whose callbacks are due, and wake-ups.
///
/// Each entry belongs to a record that was sent and not yet reported, so what is in flight bounds the mailbox.
final class Mailbox: Sendable {
    /// A delivery, and who wants to hear of it.
    struct Delivery: Sendable {
        var metadata: RecordMetadata
        var error: KafkaError?
        /// Called with metadata, error and record.
        var callback: LuaFunction?
        /// What the callback gets as its third argument.
        var record: LuaReference?
        /// Whether a prompt shows it.
        var isShown = false
    }

    private struct State {
        var deliveries: Deque<Delivery> = []
        /// Opened by whatever comes next.
        var sleeper: Latch?
        /// Calls the owner when something has come and it is not waiting here.
        var notify: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let hasDeliveries = Atomic(false)

    /// Cheap to ask before each record.
    var isEmpty: Bool { !hasDeliveries.load(ordering: .relaxed) }

    /// `notify` is called, on any thread, when deliveries have come; it must only wake somebody.
    func onDelivery(_ notify: @escaping @Sendable () -> Void) {
        state.withLock { $0.notify = notify }
    }

    func deliver(_ delivery: Delivery) {
        let (sleeper, notify) = state.withLock { state in
            let wasEmpty = state.deliveries.isEmpty
            state.deliveries.append(delivery)
            hasDeliveries.store(true, ordering: .relaxed)
            return (state.sleeper.take(), wasEmpty ? state.notify : nil)
        }
        sleeper?.open()
        notify?()
    }

    /// Ends a wait, if there is one.
    func wake() { state.withLock { $0.sleeper.take() }?.open() }

    /// The delivery that came first; nil if there is none.
    func next() -> Delivery? {
        state.withLock { state in
            let delivery = state.deliveries.popFirst()
            if state.deliveries.isEmpty { hasDeliveries.store(false, ordering: .relaxed) }
            return delivery
        }
    }

    /// Blocks until something comes, `isDone` says so of what woke this, or the time is up.
    func sleep(until deadline: NIODeadline, unless isDone: () -> Bool) throws(KafkaError) {
        let sleeper = Latch()
        let hasMail = state.withLock { state in
            state.sleeper = sleeper
            return !state.deliveries.isEmpty
        }
        // Asked once the sleeper can be woken, so that nothing in between is missed.
        if hasMail || isDone() { return }
        _ = try sleeper.wait(until: deadline)
    }
}

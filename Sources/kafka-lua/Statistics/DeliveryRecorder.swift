import KafkaProducer
import Synchronization

/// Counts what becomes of records, through the callbacks that it gives for them. From any thread.
final class DeliveryRecorder: Sendable {
    private let state: Mutex<DeliveryFigures>
    private let callbacks = Mutex(DeliveryCallbacks())

    init() { state = Mutex(DeliveryFigures(start: MonotonicClock.nanoseconds)) }

    /// What was counted so far.
    var figures: DeliveryFigures { state.withLock { $0 } }

    /// Begins anew.
    func reset() { state.withLock { $0 = DeliveryFigures(start: MonotonicClock.nanoseconds) } }

    /// A callback for a record that is about to be sent.
    func callback() -> DeliveryCallback {
        callbacks.withLock { $0.callback(due: MonotonicClock.nanoseconds, of: self) }
    }

    /// A callback for records that are due then.
    func callback(due: Int64) -> DeliveryCallback {
        { [self] metadata, error in
            let now = MonotonicClock.nanoseconds
            state.withLock { $0.add(metadata, error, due: due, now: now) }
        }
    }
}

/// Gives callbacks for records one after the other. Those that are due within ten microseconds share one, with the
/// earliest time: a closure for each would cost more than sending does. For one thread.
struct DeliveryCallbacks {
    private var current: DeliveryCallback?
    private var due: Int64 = 0

    private static let resolution: Int64 = 10_000

    mutating func callback(due: Int64, of recorder: DeliveryRecorder) -> DeliveryCallback {
        if let current, (0..<Self.resolution).contains(due - self.due) { return current }
        let callback = recorder.callback(due: due)
        (current, self.due) = (callback, due)
        return callback
    }
}

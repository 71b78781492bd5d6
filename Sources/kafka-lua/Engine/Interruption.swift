import KafkaProducer
import Synchronization

/// What calls a thread away from a wait, as Ctrl-C does.
final class Interruption: Sendable {
    private struct State {
        var isRaised = false
        /// What the thread waits for at the moment.
        var latch: Latch?
    }

    private let state = Mutex(State())

    var isRaised: Bool { state.withLock { $0.isRaised } }

    /// Ends the present wait and those that follow. From any thread.
    func raise() {
        let latch = state.withLock { state in
            state.isRaised = true
            return state.latch
        }
        latch?.open()
    }

    /// Waits for the latch, or until it is called away.
    func wait(for latch: Latch) throws {
        let mayWait = state.withLock { state in
            state.latch = latch
            return !state.isRaised
        }
        defer { state.withLock { $0.latch = nil } }
        if mayWait { _ = try latch.wait() }
    }
}

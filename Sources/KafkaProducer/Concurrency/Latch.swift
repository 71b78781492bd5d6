import Dispatch
package import NIOCore
import NIOPosix
import Synchronization

/// An event that happens once; whoever waits for it blocks, suspends or leaves a callback.
package final class Latch: Sendable {
    private enum State {
        case closed(waiters: [@Sendable () -> Void])
        case open
    }

    private let state = Mutex(State.closed(waiters: []))
    /// The same as the state says, for those who only look.
    private let hasOpened = Atomic(false)

    package init() {}

    /// A latch that was never closed.
    static let opened = {
        let latch = Latch()
        latch.open()
        return latch
    }()

    package var isOpen: Bool { hasOpened.load(ordering: .acquiring) }

    /// Lets everything through that waits or will wait. Opening twice is opening once.
    package func open() {
        let waiters = state.withLock { state -> [@Sendable () -> Void] in
            guard case .closed(let waiters) = state else { return [] }
            state = .open
            hasOpened.store(true, ordering: .releasing)
            return waiters
        }
        for waiter in waiters { waiter() }
    }

    /// Runs `body` on the thread that opens the latch, or at once if it is open.
    package func whenOpen(_ body: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state -> Bool in
            guard case .closed(var waiters) = state else { return true }
            state = .open
            waiters.append(body)
            state = .closed(waiters: waiters)
            return false
        }
        if isOpen { body() }
    }

    /// Blocks the calling thread; returns whether the latch was open by `deadline`.
    /// - Throws: `KafkaError` of kind `illegalState` on an event loop, which would wait for itself.
    package func wait(until deadline: NIODeadline = .distantFuture) throws(KafkaError) -> Bool {
        if isOpen { return true }
        try Self.checkThread()
        let semaphore = DispatchSemaphore(value: 0)
        whenOpen { semaphore.signal() }
        if deadline == .distantFuture {
            semaphore.wait()
            return true
        }
        return semaphore.wait(timeout: DispatchTime(uptimeNanoseconds: deadline.uptimeNanoseconds)) == .success
    }

    /// - Throws: `KafkaError` of kind `illegalState` on an event loop, which must not be blocked.
    package static func checkThread() throws(KafkaError) {
        if MultiThreadedEventLoopGroup.currentEventLoop != nil {
            throw KafkaError(.illegalState, "a callback must not wait for the thread that it runs on")
        }
    }

    /// Suspends the calling task until the latch is open.
    package func opened() async {
        await withCheckedContinuation { continuation in
            whenOpen { continuation.resume() }
        }
    }

    /// Suspends the calling task until one of the two is open.
    package static func either(_ first: Latch, _ second: Latch) async {
        let either = Latch()
        first.whenOpen { either.open() }
        second.whenOpen { either.open() }
        await either.opened()
    }
}

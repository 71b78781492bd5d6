import Synchronization

/// A state that many threads use in turn, under a lock: for roles that any thread may call.
public final class SharedLuaState: Sendable {
    private let lock = Mutex(())
    // Touched under the lock only.
    private nonisolated(unsafe) let state: LuaState
    /// Stops what the state runs, without waiting for the lock.
    public let interrupt: LuaInterrupt

    /// Takes a state over: its maker keeps nothing of it.
    public init(_ state: sending LuaState) {
        self.interrupt = state.interrupt
        self.state = state
    }

    /// Waits for the state and has it for the body. Not to be called again from inside: host functions have the state
    /// that called them.
    public func withState<Result, Failure: Error>(
        _ body: (LuaState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        return try body(state)
    }
}

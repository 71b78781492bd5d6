import CLuaShim

/// Stops the script that a state runs, from any thread or from a signal handler.
public final class LuaInterrupt: Sendable {
    nonisolated(unsafe) let flag: OpaquePointer

    init?() {
        guard let flag = lk_flag_new() else { return nil }
        self.flag = flag
    }

    deinit {
        lk_flag_free(flag)
    }

    /// Makes the running call, or else the next one, fail with ``LuaError/Kind/interrupted`` within 1,000
    /// instructions of Lua. The call lowers the flag when it stops. Safe in a signal handler.
    public func raise() {
        lk_flag_raise(flag)
    }

    /// Forgets an interruption that nothing has noticed yet.
    public func clear() {
        lk_flag_lower(flag)
    }

    /// Whether an interruption waits to be noticed: for host functions that block.
    public var isRaised: Bool {
        lk_flag_is_raised(flag)
    }
}

import CLuaShim

/// A state of Lua 5.4: its globals, its functions, its memory.
///
/// It has one owner at a time and does not lock: use it from one thread, or under a lock. Host functions may call back
/// into it; each call is protected, and no error of Lua passes over a Swift frame.
public final class LuaState {
    let vm: OpaquePointer
    let released = ReleasedReferences()
    /// Stops what the state runs, from any thread. It may outlive the state.
    public let interrupt: LuaInterrupt
    public let profile: LuaProfile
    public let limits: LuaLimits

    /// Opens the profile's libraries.
    /// - Parameter interruptSignal: a signal such as `SIGURG` that the program has no other use for: its handler is set,
    ///   and an interruption sends it to the thread that runs the state. What has no limit of time then runs without a
    ///   hook, which costs about as much as a script's own instructions. Nil leaves signals alone.
    /// - Throws: ``LuaError/Kind/memory`` when there is not enough, or when there is no such signal.
    public init(
        profile: LuaProfile = .script, limits: LuaLimits = .none, interruptSignal: Int32? = nil
    ) throws(LuaError) {
        guard let interrupt = LuaInterrupt() else { throw .outOfMemory }
        var options = lk_options()
        options.profile = profile == .plugin ? LK_PROFILE_PLUGIN : LK_PROFILE_SCRIPT
        options.memory_limit = max(0, limits.memory ?? 0)
        options.time_limit = limits.timeInNanoseconds
        options.interrupt = interrupt.flag
        options.signal = interruptSignal ?? 0
        options.release = releaseHostObject
        guard let vm = lk_new(&options) else { throw .outOfMemory }
        self.vm = vm
        self.interrupt = interrupt
        self.profile = profile
        self.limits = limits
    }

    deinit {
        let left = lk_close(vm)
        assert(left == 0, "Lua has not given back all of its memory")
    }

    /// What Lua holds, in bytes.
    public var memoryInUse: Int { lk_memory_used(vm) }
    /// The most that Lua has held, in bytes.
    public var peakMemory: Int { lk_memory_peak(vm) }
    /// How many values are kept for the host.
    public var referenceCount: Int {
        releaseReferences()
        return Int(lk_reference_count(vm))
    }
    /// Whether a call is under way, so that a host function asks.
    public var isRunning: Bool { lk_depth(vm) > 0 }
    /// Whether the call under way is being stopped: its host functions may clean up, but every further call fails.
    public var isStopping: Bool { lk_is_stopping(vm) }

    /// Collects all garbage now.
    public func collectGarbage() {
        releaseReferences()
        lk_collect(vm)
    }

    func releaseReferences() {
        released.drain { lk_forget(vm, $0) }
    }

    func retain(_ slot: Int32) throws(LuaError) -> LuaReference {
        let number = lk_retain(vm, slot)
        guard number != 0 else { throw .outOfMemory }
        return LuaReference(number: number, released: released)
    }

    /// Where nothing is under way, results begin after this.
    func check(_ status: lk_status, _ top: Int32) throws(LuaError) {
        guard status != LK_OK else { return }
        let error = LuaError(lastOf: vm, value: nil)
        guard lk_type_at(vm, top + 1) == LK_TABLE else { throw error }
        let frame = LuaFrame(state: self, vm: vm, function: nil, firstIndex: top + 1, count: 1)
        var withValue = error
        withValue.value = try? frame.value(frame[1], limits: LuaError.valueLimits)
        throw withValue
    }
}

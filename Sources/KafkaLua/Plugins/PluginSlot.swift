import CLuaShim
import KafkaProducer
import Logging
import LuaRuntime
import Synchronization

/// The place of a plugin, or of a chain of them: a version in force, exchanged while records flow.
///
/// A new version is prepared with nothing locked. It is installed under the locks of all instances, where it takes over
/// what the old one hands on; if anything fails the old one goes on as if nothing had happened.
///
/// Two kinds of locks: one lets swaps through one at a time; below it, each instance has its own, which its calls take.
final class PluginSlot: Sendable {
    let role: PluginRole
    private let logger: Logger
    private let instances: [PluginInstance]
    /// The same, for calls that do not count references.
    private let unretained: [Unmanaged<PluginInstance>]
    private let number = Atomic(0)
    private let drained = Atomic(0)
    private let fallsBack = Atomic(false)
    private let plays = Atomic<UInt32>(0)
    private let use = VersionUse()
    private let failures = FailureWindow()
    private let startsWithInterceptor = Atomic(false)
    private let goesOnAfterInterceptor = Atomic(false)

    private let swapLock = Mutex(())
    private nonisolated(unsafe) var swaps = SwapState()

    private struct SwapState {
        var version: PluginVersion?
        /// Versions that can be brought back, the latest last.
        var history: [FormerVersion] = []
        /// How many producers have a transaction open.
        var holds = 0
        var pending: Pending?
        var rollbacks = 0
    }

    /// A swap that waits for the end of a transaction.
    private struct Pending {
        var version: PluginVersion
        var drains: Bool
        var former: FormerVersion?
    }

    private static let longestHistory = 8

    init(_ role: PluginRole, instances: Int = 1, logger: Logger) {
        self.role = role
        self.logger = logger
        self.instances = (0..<max(1, min(instances, 64))).map { _ in PluginInstance() }
        unretained = self.instances.map { .passUnretained($0) }
    }

    /// How many versions have been in force; 0 before the first.
    var generation: Int { number.load(ordering: .acquiring) }
    /// The last one that was to wait for records of those before it.
    var drainedGeneration: Int { drained.load(ordering: .acquiring) }
    /// Whether a record that the script fails with is left to the host.
    var isDefaultUsedOnError: Bool { fallsBack.load(ordering: .relaxed) }
    var isEmpty: Bool { generation == 0 || plays.load(ordering: .relaxed) == 0 }
    /// Whether a plugin of the version in force has the hook.
    func plays(_ hook: Plugin.Hook) -> Bool { plays.load(ordering: .relaxed) & hook.bit != 0 }

    /// Whether each record meets `on_send` first.
    var hasInterceptor: Bool { startsWithInterceptor.load(ordering: .relaxed) }
    func beginsWithInterceptor() { startsWithInterceptor.store(true, ordering: .relaxed) }
    /// Whether other hooks may come after `on_send`.
    var hasLaterHooks: Bool { goesOnAfterInterceptor.load(ordering: .relaxed) }
    func goesOn() { goesOnAfterInterceptor.store(true, ordering: .relaxed) }

    /// Takes the version in force for a record: it is there until ``end(_:)``.
    func begin() -> Int { use.begin(number) }
    func end(_ version: Int) { use.end(version) }

    // MARK: - Calls

    /// Calls `body` with the plugins of that version, or of the one in force where that is gone.
    @inline(__always)
    func withChain<Result>(of number: Int, _ body: ([Plugin]) throws(LuaError) -> Result) throws(LuaError) -> Result {
        try withInstance { (instance) throws(LuaError) in try instance.withChain(of: number, body) }
    }

    /// The same with the first plugin alone; nil where there is none.
    @inline(__always)
    func withFirst<Result>(
        of number: Int, _ body: (Plugin) throws(LuaError) -> Result?
    ) throws(LuaError) -> Result? {
        try withInstance { (instance) throws(LuaError) in try instance.withFirst(of: number, body) }
    }

    /// The same with each plugin of the chain in turn.
    @inline(__always)
    func forEachPlugin(of number: Int, _ body: (Plugin) -> Void) {
        instance._withUnsafeGuaranteedRef { $0.forEachPlugin(of: number, body) }
    }

    /// Calls `body` with the instance that the calling thread uses.
    @inline(__always)
    private func withInstance<Result>(
        _ body: (PluginInstance) throws(LuaError) -> Result
    ) throws(LuaError) -> Result {
        try instance._withUnsafeGuaranteedRef { instance in
            Swift.Result { () throws(LuaError) in try body(instance) }
        }.get()
    }

    @inline(__always)
    private var instance: Unmanaged<PluginInstance> {
        let count = unretained.count
        return unretained[count == 1 ? 0 : Int(lk_thread_number() % UInt32(truncatingIfNeeded: count))]
    }

    /// Notes that a script failed with a record, and brings the last good version back if that happens too often.
    func failed(in generation: Int) {
        guard failures.note(), generation == self.generation else { return }
        // Whoever swaps at this moment brings in another version anyway.
        guard swapLock._unsafeTryLock() else { return }
        defer { swapLock._unsafeUnlock() }
        guard generation == self.generation else { return }
        let limit = failures.limit
        let failed = swaps.version?.texts.map(\.source.name).joined(separator: ", ") ?? ""
        do {
            let number = try rollBack()
            logger.warning(
                "\(role.rawValue) \(failed) failed \(limit) times within a second: the version before it is back",
                metadata: ["generation": "\(number)"])
        } catch {
            logger.error("\(role.rawValue) \(failed) failed \(limit) times within a second, and stays: \(error)")
        }
    }

    var failureCount: Int { failures.total }

    // MARK: - Swaps

    /// Puts other plugins in the place of the present ones.
    /// - Returns: their generation. While a transaction is open it is the one that they will have at its end.
    /// - Throws: `LuaError` or `KafkaError`; the former ones then go on.
    @discardableResult
    func swap(
        to sources: [PluginSource], _ options: LuaScriptOptions? = nil, drain: LuaScript.Drain = .none
    ) throws -> Int {
        try swap(to: sources.map { try $0.read() }, options, drain: drain)
    }

    /// The same with texts that have been read.
    @discardableResult
    func swap(
        to texts: [PluginText], _ options: LuaScriptOptions? = nil, drain: LuaScript.Drain = .none
    ) throws -> Int {
        let options = options ?? self.options
        let version = try PluginVersion(texts, options, for: role, instances: instances.count)
        var drains = true
        switch drain {
        case .none: drains = false
        case .keys: break
        case .flush(let flush): try flush()
        }
        return try whileSwapping { try commit(Pending(version: version, drains: drains)) }
    }

    /// Brings back the version before the present one, with what the present one hands on.
    /// - Throws: `KafkaError` of kind `illegalState` if there is none; what ``swap(to:_:drain:)`` throws.
    @discardableResult
    func rollback() throws -> Int { try whileSwapping { try rollBack() } }

    private func rollBack() throws -> Int {
        guard let former = swaps.history.last else {
            throw KafkaError(.illegalState, "there is no earlier version of the \(role.rawValue) to go back to")
        }
        let version = try PluginVersion(former.texts, former.options, for: role, instances: instances.count)
        return try commit(Pending(version: version, drains: false, former: former))
    }

    private func whileSwapping<Result>(_ body: () throws -> Result) rethrows -> Result {
        swapLock._unsafeLock()
        defer { swapLock._unsafeUnlock() }
        return try body()
    }

    private func commit(_ next: Pending) throws -> Int {
        if swaps.holds > 0 {
            swaps.pending = next
            return generation + 1
        }
        return try install(next)
    }

    private func install(_ next: Pending) throws -> Int {
        for instance in instances { instance.lock() }
        defer { for instance in instances { instance.unlock() } }
        var states: [[HandedState]] = []
        for (instance, chain) in zip(instances, next.version.chains) {
            let handed = try export(from: instance.chain, leavingAnyway: next.former)
            try handOver(handed, or: next.former?.states[states.count], to: chain)
            states.append(handed)
        }
        let generation = generation + 1
        for (instance, chain) in zip(instances, next.version.chains) {
            instance.install(chain, number: generation, use)
        }
        if next.former != nil {
            swaps.history.removeLast()
            swaps.rollbacks += 1
        } else if let version = swaps.version {
            swaps.history.append(FormerVersion(texts: version.texts, options: version.options, states: states))
            swaps.history = swaps.history.suffix(Self.longestHistory)
        }
        publish(next, generation)
        return generation
    }

    private func publish(_ next: Pending, _ generation: Int) {
        swaps.version = next.version
        fallsBack.store(next.version.options.onError == .default, ordering: .relaxed)
        failures.reset(limit: next.version.options.rollbackAfter ?? 0)
        var bits: UInt32 = 0
        for plugin in next.version.chains[0] {
            for hook in Plugin.Hook.allCases where plugin.defines(hook) { bits |= hook.bit }
        }
        plays.store(bits, ordering: .relaxed)
        // Before the number: whoever sees that sees this.
        if next.drains { drained.store(generation, ordering: .releasing) }
        number.store(generation, ordering: .releasing)
    }

    /// What the plugins hand on. One that is to go because it fails cannot keep its place by failing at that too.
    private func export(from chain: [Plugin], leavingAnyway former: FormerVersion?) throws(LuaError) -> [HandedState] {
        var states: [HandedState] = []
        for plugin in chain {
            do throws(LuaError) {
                states.append(
                    HandedState(source: plugin.source, value: try plugin.exportState(), version: plugin.version))
            } catch {
                guard former != nil else { throw error }
                logger.warning("on_unload of a version that is rolled back failed, what it knew is lost: \(error)")
                return []
            }
        }
        return states
    }

    /// Gives each plugin what the one in its place, or else the one of its name, handed on.
    private func handOver(
        _ states: [HandedState], or earlier: [HandedState]?, to chain: [Plugin]
    ) throws(LuaError) {
        let states = states.isEmpty ? earlier ?? [] : states
        for (index, plugin) in chain.enumerated() {
            let state =
                states.count == chain.count ? states[index] : states.first { $0.source.name == plugin.source.name }
            try plugin.importState(state?.value ?? .nil, oldVersion: state?.version)
        }
    }

    // MARK: - Transactions

    /// A transaction has begun: swaps wait for its end.
    func hold() { whileSwapping { swaps.holds += 1 } }

    /// A transaction has ended, which a swap may have waited for.
    func release() {
        whileSwapping {
            swaps.holds -= 1
            guard swaps.holds == 0, let pending = swaps.pending.take() else { return }
            do {
                _ = try install(pending)
            } catch {
                logger.error("the \(role.rawValue) was not exchanged at the end of the transaction: \(error)")
            }
        }
    }

    // MARK: - Looking

    /// The options of the version in force.
    var options: LuaScriptOptions {
        whileSwapping { swaps.pending?.version.options ?? swaps.version?.options ?? LuaScriptOptions() }
    }

    /// The texts of the version in force, or of the one that waits to be.
    var texts: [PluginText] { whileSwapping { swaps.pending?.version.texts ?? swaps.version?.texts ?? [] } }

    var rollbackCount: Int { whileSwapping { swaps.rollbacks } }

    /// What is in force, plugin by plugin.
    var descriptions: [ScriptDescription] {
        whileSwapping {
            guard let version = swaps.version else { return [] }
            return version.chains[0].enumerated().map { index, plugin in
                ScriptDescription(
                    role: role.rawValue, source: plugin.source.name, name: plugin.name, version: plugin.version,
                    generation: generation, instances: instances.count, errors: failures.total,
                    rollbacks: swaps.rollbacks,
                    memory: zip(instances, version.chains).reduce(0) { sum, pair in
                        pair.0.lock()
                        defer { pair.0.unlock() }
                        return sum + pair.1[index].memoryInUse
                    })
            }
        }
    }
}

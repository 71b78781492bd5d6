import LuaRuntime
import Synchronization

/// One set of the Lua states of a role, behind a lock: the version in force, and older ones that records still need.
final class PluginInstance: Sendable {
    private struct Entry {
        var number: Int
        var chain: [Plugin]
        /// The same, for calls that do not count references.
        var unretained: [Unmanaged<Plugin>]
        /// The first of them.
        var first: Unmanaged<Plugin>?

        init(number: Int, chain: [Plugin]) {
            self.number = number
            self.chain = chain
            unretained = chain.map { .passUnretained($0) }
            first = unretained.first
        }
    }

    /// How many versions are kept for the acknowledgements of their records; beyond these, only what is in use.
    private static let mostRetired = 2

    // A Mutex would want its value sent in and out of the closure; a plugin's state stays where it is.
    private let mutex = Mutex(())
    private nonisolated(unsafe) var current = Entry(number: 0, chain: [])
    private nonisolated(unsafe) var retired: [Entry] = []

    /// Calls `body` with the plugins of that version, or of the one in force where it is gone. Nobody else uses them
    /// meanwhile.
    @inline(__always)
    func withChain<Result>(of number: Int, _ body: ([Plugin]) throws(LuaError) -> Result) throws(LuaError) -> Result {
        lock()
        defer { unlock() }
        if number == current.number { return try body(current.chain) }
        return try body(retired.first { $0.number == number }?.chain ?? current.chain)
    }

    /// The same with the first plugin alone, of which no reference is counted; nil where there is none.
    @inline(__always)
    func withFirst<Result>(
        of number: Int, _ body: (Plugin) throws(LuaError) -> Result?
    ) throws(LuaError) -> Result? {
        lock()
        defer { unlock() }
        let first =
            number == current.number
            ? current.first : (retired.first { $0.number == number }?.first ?? current.first)
        guard let first else { return nil }
        return try first._withUnsafeGuaranteedRef { plugin in
            Swift.Result { () throws(LuaError) in try body(plugin) }
        }.get()
    }

    /// The same with each plugin of the chain in turn.
    @inline(__always)
    func forEachPlugin(of number: Int, _ body: (Plugin) -> Void) {
        lock()
        defer { unlock() }
        let chain =
            number == current.number
            ? current.unretained : (retired.first { $0.number == number }?.unretained ?? current.unretained)
        for plugin in chain { plugin._withUnsafeGuaranteedRef(body) }
    }

    func lock() { mutex._unsafeLock() }
    func unlock() { mutex._unsafeUnlock() }

    // MARK: - A swap, which has all instances locked

    /// The plugins in force; between `lock` and `unlock`.
    var chain: [Plugin] { current.chain }

    /// Puts others in their place; between `lock` and `unlock`.
    /// - Parameter use: which of the older ones have records on their way.
    func install(_ chain: [Plugin], number: Int, _ use: VersionUse) {
        if !current.chain.isEmpty { retired.insert(current, at: 0) }
        retired =
            retired.prefix(Self.mostRetired) + retired.dropFirst(Self.mostRetired).filter { use.isUsed($0.number) }
        current = Entry(number: number, chain: chain)
    }
}

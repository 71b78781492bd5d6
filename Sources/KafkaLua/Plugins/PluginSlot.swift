import LuaRuntime
import Synchronization

/// The place of a plugin: the generation in force, behind a lock, to be exchanged while it is in use.
final class PluginSlot: Sendable {
    // A Mutex would want its value sent in and out of the closure; a plugin's state stays where it is.
    private let lock = Mutex(())
    private nonisolated(unsafe) var plugin: Plugin?
    private nonisolated(unsafe) var count = 0

    init(_ plugin: Plugin? = nil) {
        self.plugin = plugin
        count = plugin == nil ? 0 : 1
    }

    /// How many plugins have stood here.
    var generation: Int { withLock { count } }

    /// Calls `body` with the plugin, which nobody else uses meanwhile; nil if there is none.
    func withPlugin<Result>(_ body: (Plugin) throws(LuaError) -> Result) throws(LuaError) -> Result? {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        guard let plugin else { return nil }
        return try body(plugin)
    }

    /// Puts a plugin that has been prepared in the place of the present one, which hands over its state. If that fails
    /// the present one stays.
    @discardableResult
    func replace(with next: Plugin) throws(LuaError) -> Int {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        try next.importState(plugin?.exportState() ?? .nil, oldVersion: plugin?.version)
        plugin = next
        count += 1
        return count
    }

    private func withLock<Result>(_ body: () -> Result) -> Result {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        return body()
    }
}

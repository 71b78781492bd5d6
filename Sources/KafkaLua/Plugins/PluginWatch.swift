import Dispatch
import KafkaProducer
import Logging
import LuaRuntime

/// Watches the files of roles, and swaps in what is written to them.
///
/// Editors write files anew and rename them into place, and mounted configuration is a link that is turned to another
/// folder: so it is the folders that are watched, and the contents that are compared.
final class PluginWatch: Sendable {
    private let slots: [PluginSlot]
    private let logger: Logger
    private let queue = DispatchQueue(label: "kafka-lua.watch")
    // Touched on the queue only.
    private nonisolated(unsafe) var folders: [String: FolderWatch] = [:]
    private nonisolated(unsafe) var pending: DispatchWorkItem?
    private nonisolated(unsafe) var isWatching = false
    /// What was tried last in the place of a text, so that what is broken is tried once.
    private nonisolated(unsafe) var tried: [Int: [PluginText]] = [:]

    /// Writing a file takes several steps, and a deployment writes several files.
    private static let debounce = DispatchTimeInterval.milliseconds(100)

    init(_ slots: [PluginSlot], logger: Logger) {
        self.slots = slots
        self.logger = logger
    }

    deinit { for folder in folders.values { folder.cancel() } }

    var isOn: Bool {
        get { queue.sync { isWatching } }
        set {
            queue.sync {
                guard newValue != isWatching else { return }
                isWatching = newValue
                pending?.cancel()
                if newValue {
                    // What has changed since it was loaded counts too.
                    follow()
                    schedule()
                } else {
                    for folder in folders.values { folder.cancel() }
                    folders = [:]
                    tried = [:]
                }
            }
        }
    }

    /// Watches the folders of the files that are in force, and no others.
    private func follow() {
        let paths = Set(slots.flatMap(\.texts).filter(\.source.isFile).map { Self.folder(of: $0.source.name) })
        for (path, folder) in folders where !paths.contains(path) {
            folder.cancel()
            folders[path] = nil
        }
        for path in paths where folders[path] == nil {
            folders[path] = FolderWatch(path, on: queue) { [weak self] in self?.schedule() }
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func schedule() {
        pending?.cancel()
        let work = DispatchWorkItem { [weak self] in self?.look() }
        pending = work
        queue.asyncAfter(deadline: .now() + Self.debounce, execute: work)
    }

    private func look() {
        guard isWatching else { return }
        for (index, slot) in slots.enumerated() { look(at: slot, index) }
        follow()
    }

    private func look(at slot: PluginSlot, _ index: Int) {
        let present = slot.texts
        guard present.contains(where: \.source.isFile) else { return }
        // A file that is not there is about to come.
        guard let texts = try? present.map({ $0.source.isFile ? try $0.source.read() : $0 }) else { return }
        if texts == present {
            tried[index] = nil
            return
        }
        if texts == tried[index] { return }
        tried[index] = texts
        let names = texts.map(\.source.name).joined(separator: ", ")
        do {
            let generation = try slot.swap(to: texts)
            logger.notice("\(slot.role.rawValue) \(names) has changed: generation \(generation) is in force")
        } catch {
            logger.warning(
                "\(slot.role.rawValue) \(names) has changed, and generation \(slot.generation) stays in force: \(error)"
            )
        }
    }
}

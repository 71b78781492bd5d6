import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Calls back, on its queue, when something in a folder was written, renamed into it or made. A folder that goes away is
/// looked for again until it is back.
///
/// All of it belongs to its queue.
final class FolderWatch: @unchecked Sendable {
    private let path: String
    private let queue: DispatchQueue
    private let changed: () -> Void
    private var source: (any DispatchSourceProtocol)?
    private var isCancelled = false

    private static let retry = DispatchTimeInterval.seconds(1)

    init(_ path: String, on queue: DispatchQueue, changed: @escaping () -> Void) {
        self.path = path
        self.queue = queue
        self.changed = changed
        open()
    }

    func cancel() {
        isCancelled = true
        source?.cancel()
        source = nil
    }

    private func open() {
        guard !isCancelled else { return }
        source = makeSource()
        source?.activate()
        if source == nil { queue.asyncAfter(deadline: .now() + Self.retry) { [weak self] in self?.open() } }
    }

    /// The folder itself has gone: whatever comes in its place counts as a change.
    private func reopen() {
        source?.cancel()
        source = nil
        open()
        changed()
    }

    #if os(Linux)
        private func makeSource() -> (any DispatchSourceProtocol)? {
            let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
            guard descriptor >= 0 else { return nil }
            let events = UInt32(
                IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF)
            guard inotify_add_watch(descriptor, path, events) >= 0 else {
                close(descriptor)
                return nil
            }
            let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
            source.setCancelHandler { close(descriptor) }
            source.setEventHandler { [weak self] in self?.read(descriptor) }
            return source
        }

        private func read(_ descriptor: Int32) {
            var isGone = false
            withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 8) { buffer in
                while case let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count), count > 0 {
                    var position = 0
                    while position + MemoryLayout<inotify_event>.size <= count {
                        let event = buffer.loadUnaligned(fromByteOffset: position, as: inotify_event.self)
                        isGone = isGone || event.mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED) != 0
                        position += MemoryLayout<inotify_event>.size + Int(event.len)
                    }
                }
            }
            if isGone { reopen() } else { changed() }
        }
    #else
        private func makeSource() -> (any DispatchSourceProtocol)? {
            let descriptor = Darwin.open(path, O_EVTONLY)
            guard descriptor >= 0 else { return nil }
            let source = DispatchSource.makeFileSystemObjectSource(
                fileDescriptor: descriptor, eventMask: [.write, .delete, .rename], queue: queue)
            source.setCancelHandler { close(descriptor) }
            source.setEventHandler { [weak self, weak source] in
                if source?.data.isDisjoint(with: [.delete, .rename]) == false {
                    self?.reopen()
                } else {
                    self?.changed()
                }
            }
            return source
        }
    #endif
}

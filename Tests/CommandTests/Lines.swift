import Synchronization

/// Collects what was written, from any thread.
final class Lines: Sendable {
    private let written = Mutex("")

    var text: String { written.withLock { $0 } }

    func append(_ text: String) { written.withLock { $0 += text } }
}

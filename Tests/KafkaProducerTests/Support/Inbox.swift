import Dispatch
import Synchronization

/// What arrives on other threads, for a test that waits for it.
final class Inbox<Element: Sendable>: Sendable {
    struct NothingCame: Error {}

    private let elements = Mutex<[Element]>([])
    private let count = DispatchSemaphore(value: 0)

    func put(_ element: Element) {
        elements.withLock { $0.append(element) }
        count.signal()
    }

    /// The next one, in order of arrival; blocks until it is there.
    /// - Throws: `NothingCame` after five minutes, in which everything that is on its way comes.
    func next() throws -> Element {
        guard count.wait(timeout: .now() + .seconds(300)) == .success else { throw NothingCame() }
        return elements.withLock { $0.removeFirst() }
    }

    /// Whether nothing is there that nobody has taken.
    var isEmpty: Bool { elements.withLock { $0.isEmpty } }
}

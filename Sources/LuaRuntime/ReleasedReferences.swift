import Synchronization

/// References that were let go, on whatever thread, and wait for the state's owner to release them.
final class ReleasedReferences: Sendable {
    private let numbers = Mutex<[Int32]>([])
    private let hasSome = Atomic(false)

    func append(_ number: Int32) {
        numbers.withLock { $0.append(number) }
        hasSome.store(true, ordering: .releasing)
    }

    /// Cheap when there are none: asked before every call.
    func drain(_ release: (Int32) -> Void) {
        guard hasSome.load(ordering: .acquiring) else { return }
        hasSome.store(false, ordering: .relaxed)
        let taken = numbers.withLock { numbers in
            defer { numbers = [] }
            return numbers
        }
        taken.forEach(release)
    }
}

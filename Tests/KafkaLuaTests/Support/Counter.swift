import Synchronization

/// Counts from 0, on any thread.
final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .sequentiallyConsistent) }

    /// The number before this one was counted.
    func next() -> Int { count.add(1, ordering: .sequentiallyConsistent).oldValue }
}

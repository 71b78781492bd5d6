import Synchronization

/// How many records are on their way through the hooks, by the version that has them: what is in use is kept.
///
/// A ring of counters: versions that are as many apart share one, which keeps them longer and never too short.
final class VersionUse: @unchecked Sendable {
    private static let size = 64
    private let counters: UnsafeMutablePointer<Atomic<Int>>

    init() {
        counters = .allocate(capacity: Self.size)
        for index in 0..<Self.size { (counters + index).initialize(to: Atomic(0)) }
    }

    deinit {
        counters.deinitialize(count: Self.size)
        counters.deallocate()
    }

    /// Takes the version in force for a record.
    func begin(_ current: borrowing Atomic<Int>) -> Int {
        while true {
            let version = current.load(ordering: .sequentiallyConsistent)
            // Nothing is kept of what was there before the first.
            if version == 0 { return 0 }
            counters[version % Self.size].add(1, ordering: .sequentiallyConsistent)
            // One that was replaced in between may not have been seen to be in use.
            if current.load(ordering: .sequentiallyConsistent) == version { return version }
            end(version)
        }
    }

    func end(_ version: Int) {
        if version > 0 { counters[version % Self.size].subtract(1, ordering: .sequentiallyConsistent) }
    }

    /// To be asked once another version is in force.
    func isUsed(_ version: Int) -> Bool { counters[version % Self.size].load(ordering: .sequentiallyConsistent) > 0 }
}

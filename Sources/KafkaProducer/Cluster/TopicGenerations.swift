import Synchronization

/// Which generations of the partitioner have records of a topic under way: counted by batch, under the oldest generation
/// that is in it.
///
/// It keeps the order of keys where the mapping of keys to partitions changes: a record of a new generation waits until
/// those that were sent before it are done, in whatever partition.
final class TopicGenerations: Sendable {
    private struct State {
        /// Batches under way by generation; few, as generations come one at a time.
        var counts: [(generation: Int, batches: Int)] = []
        /// Opens when a generation has nothing under way any more.
        var waiting: Latch?
    }

    private let state = Mutex(State())
    /// Nothing older than this generation is under way.
    private let doneBefore = Atomic(0)

    /// Cheap to ask before each record.
    @inline(__always)
    func areDone(before generation: Int) -> Bool { generation <= doneBefore.load(ordering: .relaxed) }

    /// nil if nothing older is under way; or else the latch after which to look again, and whether nobody waited before.
    func wait(forAllBefore generation: Int) -> (Latch, isFirst: Bool)? {
        state.withLock { state in
            guard state.counts.contains(where: { $0.generation < generation }) else {
                doneBefore.store(max(generation, doneBefore.load(ordering: .relaxed)), ordering: .relaxed)
                return nil
            }
            if let latch = state.waiting { return (latch, false) }
            let latch = Latch()
            state.waiting = latch
            return (latch, true)
        }
    }

    /// A batch has its first record of that generation. A record that was on its way when a new generation came in has
    /// others wait for it again.
    func began(_ generation: Int, insteadOf former: Int) {
        state.withLock { state in
            if former >= 0 { Self.change(&state, former, by: -1) }
            Self.change(&state, generation, by: 1)
            if generation < doneBefore.load(ordering: .relaxed) { doneBefore.store(generation, ordering: .relaxed) }
        }
    }

    func completed(_ generation: Int) {
        let latch = state.withLock { state in
            Self.change(&state, generation, by: -1)
            return state.counts.contains { $0.generation == generation } ? nil : state.waiting.take()
        }
        latch?.open()
    }

    private static func change(_ state: inout State, _ generation: Int, by difference: Int) {
        guard let place = state.counts.firstIndex(where: { $0.generation == generation }) else {
            state.counts.append((generation, difference))
            return
        }
        state.counts[place].batches += difference
        if state.counts[place].batches == 0 { state.counts.remove(at: place) }
    }
}

import Synchronization

/// Counts how often a version has failed, and within the last second.
final class FailureWindow: Sendable {
    private struct State {
        var total = 0
        var limit = 0
        /// When the last failures were, at most as many as the limit.
        var recent: [ContinuousClock.Instant] = []
    }

    private let state = Mutex(State())

    /// How many failures have been noted, of all versions.
    var total: Int { state.withLock { $0.total } }
    /// How many within a second are too many; 0 for no limit.
    var limit: Int { state.withLock { $0.limit } }

    /// Notes a failure; returns whether it was one too many.
    func note(at now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            state.total += 1
            guard state.limit > 0 else { return false }
            state.recent.append(now)
            state.recent.removeAll { $0 + .seconds(1) < now }
            guard state.recent.count >= state.limit else { return false }
            state.recent = []
            return true
        }
    }

    /// Another version begins with none.
    func reset(limit: Int) {
        state.withLock { state in
            state.limit = max(0, limit)
            state.recent = []
        }
    }
}

import NIOCore
import OrderedCollections

/// Which topics metadata requests name: those that were used within `metadata.max.idle.ms` (Java's ProducerMetadata).
/// Pure: no clock.
///
/// A send does not come here. The sender looks, before it asks, whether a topic's count of uses has grown.
struct WantedTopics {
    private struct Use {
        var latest: NIODeadline
        /// The topic's count at the last look.
        var count: Int
        /// Whether nothing is known of the topic yet.
        var isNew: Bool
    }

    private let maximumIdle: TimeAmount
    private var uses: OrderedDictionary<String, Use> = [:]

    init(maximumIdle: TimeAmount) {
        self.maximumIdle = maximumIdle
    }

    /// In order of their first use.
    var names: [String] { Array(uses.keys) }

    /// Those of which nothing is known yet.
    var newNames: [String] { uses.filter { $0.value.isNew }.map(\.key) }

    func contains(_ name: String) -> Bool { uses[name] != nil }

    /// A topic is needed now; returns whether it was not wanted before.
    mutating func use(_ name: String, at now: NIODeadline) -> Bool {
        let isNew = uses[name] == nil
        uses[name, default: Use(latest: now, count: 0, isNew: true)].latest = now
        return isNew
    }

    /// A broker has said something of the topic.
    mutating func answered(_ name: String) { uses[name]?.isNew = false }

    /// Leaves out what has not been used for too long; returns the names.
    /// - Parameter activity: how often a topic was used so far, and whether it is in use at this moment.
    mutating func expire(at now: NIODeadline, activity: (String) -> (count: Int, isBusy: Bool)) -> [String] {
        for name in uses.keys {
            let (count, isBusy) = activity(name)
            if isBusy || uses[name]?.count != count { uses[name]?.latest = now }
            uses[name]?.count = count
        }
        let expired = uses.filter { !$0.value.isNew && $0.value.latest + maximumIdle <= now }.map(\.key)
        for name in expired { uses[name] = nil }
        return expired
    }
}

import OrderedCollections
import Synchronization

/// The topics that this producer has been asked for, by name.
final class Topics: Sendable {
    private let byName = Mutex<OrderedDictionary<String, Topic>>([:])
    /// The one that was asked for last, which is most often the one that is asked for next.
    private let latest: Published<Topic>
    private let chance: Chance

    init(chance: Chance) {
        self.chance = chance
        latest = Published(Topic(name: ""), keepingVersions: false)
    }

    /// Calls `body` with the latest topic, not retained, if that is its name.
    @inline(__always)
    func withLatest<Result>(named name: String, _ body: (Topic) -> Result?) -> Result? {
        latest.withCurrent { $0.name == name ? body($0) : nil }
    }

    @inline(__always)
    func withLatest<Result>(named name: UnsafeRawBufferPointer, _ body: (Topic) -> Result?) -> Result? {
        latest.withCurrent { $0.isNamed(name) ? body($0) : nil }
    }

    /// The topic of that name, made if it is new.
    func named(_ name: String) -> Topic {
        // Not kept: its name would spoil every request that lists the topics.
        if Topic.fault(ofName: name) != nil { return Topic(name: name) }
        let topic = byName.withLock { topics in
            if let topic = topics[name] { return topic }
            let topic = Topic(name: name, chance: chance)
            topics[name] = topic
            return topic
        }
        latest.publish(topic)
        return topic
    }

    /// In order of their first use.
    var all: [Topic] { byName.withLock { Array($0.values) } }
}

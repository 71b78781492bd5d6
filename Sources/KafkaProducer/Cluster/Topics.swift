import Synchronization

/// The topics that this producer has been asked for, by name.
final class Topics: Sendable {
    private let byName = Mutex<[String: Topic]>([:])
    /// The one that was asked for last, which is most often the one that is asked for next.
    private let latest: Published<Topic>

    init() {
        latest = Published(Topic(name: ""), keepingVersions: false)
    }

    /// The topic of that name, made if it is new.
    func named(_ name: String) -> Topic {
        if let topic = latest.withCurrent({ $0.name == name ? $0 : nil }) { return topic }
        let topic = byName.withLock { topics in
            if let topic = topics[name] { return topic }
            let topic = Topic(name: name)
            topics[name] = topic
            return topic
        }
        latest.publish(topic)
        return topic
    }

    var all: [Topic] { byName.withLock { Array($0.values) } }
}

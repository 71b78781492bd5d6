import KafkaWire
import OrderedCollections

/// What is known of the cluster at one time: nodes, topics, leaders. Pure.
struct ClusterMetadata: Sendable, Equatable {
    struct Partition: Sendable, Hashable {
        var id: Int32
        /// The node that takes writes; −1 if there is none now.
        var leader: Int32
        /// Grows with each change of leader; −1 if unknown.
        var leaderEpoch: Int32
    }

    struct Topic: Sendable, Hashable {
        var name: String
        /// Zero where the broker knows no topic ids (Metadata < 10).
        var id: KafkaUUID
        /// By id, from 0, without gaps.
        var partitions: [Partition]
    }

    var clusterId: String?
    /// In ascending order of their ids, so that the same answers always have the same effects.
    var nodes: OrderedDictionary<Int32, BrokerAddress> = [:]
    private(set) var topics: [String: Topic] = [:]
    private var names: [KafkaUUID: String] = [:]

    static let empty = ClusterMetadata()

    /// The name of the topic that has this id now; nil if none has.
    func topicName(_ id: KafkaUUID) -> String? { names[id] }

    mutating func learn(_ topic: Topic) {
        forget(topic.name)
        topics[topic.name] = topic
        if topic.id != .zero { names[topic.id] = topic.name }
    }

    mutating func forget(_ name: String) {
        guard let id = topics.removeValue(forKey: name)?.id, names[id] == name else { return }
        names[id] = nil
    }
}

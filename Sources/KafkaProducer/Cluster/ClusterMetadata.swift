import KafkaWire

/// What is known of the cluster at one time: nodes, topics, leaders. A snapshot; never changes.
struct ClusterMetadata: Sendable {
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
    var nodes: [Int32: BrokerAddress] = [:]
    var topics: [String: Topic] = [:]

    static let empty = ClusterMetadata()
}

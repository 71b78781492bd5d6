import KafkaWire

/// The topics of a cluster, by name and by id.
struct TopicCatalog {
    /// How many partitions all topics may have together.
    static let maxPartitions = 100_000

    private(set) var topics: [String: Topic] = [:]
    private var names: [KafkaUUID: String] = [:]
    private var partitionCount = 0

    subscript(name: String) -> Topic? { topics[name] }

    subscript(id: KafkaUUID) -> Topic? { names[id].flatMap { topics[$0] } }

    /// Whether a topic may be created.
    func check(_ name: String, partitions count: Int) throws(Refusal) {
        if let fault = TopicName.fault(in: name) { throw Refusal(.invalidTopicException, fault) }
        if topics[name] != nil { throw Refusal(.topicAlreadyExists, "topic '\(name)' already exists") }
        guard count > 0 else { throw Refusal(.invalidPartitions, "a topic has 1 partition or more, not \(count)") }
        guard count <= Self.maxPartitions - partitionCount else {
            throw Refusal(.invalidPartitions, "this broker has at most \(Self.maxPartitions) partitions in all")
        }
    }

    /// The leaders of a new topic's partitions: the nodes in turn, beginning with another one for each topic.
    func leaders(partitions count: Int, nodes: Int) -> [Int32] {
        (0..<count).map { Int32((topics.count + $0) % nodes) + 1 }
    }

    mutating func insert(_ topic: Topic) {
        topics[topic.name] = topic
        names[topic.id] = topic.name
        partitionCount += topic.partitions.count
    }
}

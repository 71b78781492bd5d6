import KafkaWire

/// What there is to know of a partition.
public struct PartitionDescription: Sendable, Hashable {
    public var partition: Int32
    /// The node that leads it; −1 while there is none.
    public var leader: Int32
    public var replicas: [Int32]
    public var inSyncReplicas: [Int32]
    /// The offset of the first record that is there, and the one that the next record gets; nil without a leader.
    public var beginning: Int64?
    public var end: Int64?
}

extension TopicReader {
    /// The partitions of a topic, in order.
    /// - Throws: `KafkaError` if the topic is not there, or no broker answers.
    public static func describe(
        _ topic: String, _ configuration: ProducerConfiguration
    ) async throws(KafkaError) -> [PartitionDescription] {
        let reader = TopicReader(configuration, topic: topic)
        let partitions = try await reader.describe()
        await reader.close()
        return partitions
    }

    private func describe() async throws(KafkaError) -> [PartitionDescription] {
        let metadata = try await findTopic()
        let nodes = Dictionary(
            metadata.brokers.map { ($0.nodeId, BrokerAddress(host: $0.host, port: Int($0.port))) },
            uniquingKeysWith: { _, last in last })
        var descriptions: [PartitionDescription] = []
        for partition in metadata.topics.first?.partitions ?? [] {
            var description = PartitionDescription(
                partition: partition.partitionIndex, leader: partition.leaderId, replicas: partition.replicaNodes,
                inSyncReplicas: partition.isrNodes)
            if let address = nodes[partition.leaderId] {
                let connection = try await connection(to: address)
                description.beginning = try await offset(partition.partitionIndex, at: Self.earliest, connection)
                description.end = try await offset(partition.partitionIndex, at: Self.latest, connection)
            }
            descriptions.append(description)
        }
        return descriptions.sorted { $0.partition < $1.partition }
    }
}

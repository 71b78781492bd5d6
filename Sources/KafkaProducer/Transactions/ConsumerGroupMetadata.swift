/// The consumer group whose offsets a transaction commits, and which of its members read the records (KIP-447).
public struct ConsumerGroupMetadata: Hashable, Sendable {
    public var groupId: String
    /// −1 where the offsets do not come from a member of the group.
    public var generationId: Int32
    /// Empty where the offsets do not come from a member of the group.
    public var memberId: String
    /// nil without static membership (KIP-345).
    public var groupInstanceId: String?

    public init(
        groupId: String, generationId: Int32 = -1, memberId: String = "", groupInstanceId: String? = nil
    ) {
        self.groupId = groupId
        self.generationId = generationId
        self.memberId = memberId
        self.groupInstanceId = groupInstanceId
    }

    /// Whether a coordinator has to check who commits; one that cannot must not be asked.
    var namesMember: Bool { generationId >= 0 || !memberId.isEmpty || groupInstanceId != nil }

    /// - Throws: `KafkaError` of kind `illegalArgument` for a group or offsets that cannot be.
    package func check(_ offsets: [TopicPartition: OffsetAndMetadata]) throws(KafkaError) {
        if generationId > 0, memberId.isEmpty {
            throw KafkaError(.illegalArgument, "generation \(generationId) of group '\(groupId)' without a member's id")
        }
        for (partition, offset) in offsets where offset.offset < 0 || partition.partition < 0 {
            throw KafkaError(.illegalArgument, "offset \(offset.offset) of \(partition): both count from 0")
        }
    }
}

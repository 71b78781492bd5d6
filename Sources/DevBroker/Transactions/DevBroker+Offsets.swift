extension DevBroker {
    /// The offset that a consumer group has committed in a partition; nil if there is none, or the broker does not run.
    /// Those of a transaction count from its commit on.
    public func committedOffset(ofGroup group: String, topic: String, partition: Int) -> Int64? {
        guard let index = Int32(exactly: partition) else { return nil }
        let place = GroupOffsets.Place(group: group, partition: TopicPartition(topic: topic, index: index))
        return running?.coordinator.offsets[place]?.offset
    }
}

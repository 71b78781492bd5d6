/// The offsets of one call of `sendOffsetsToTransaction`.
package struct TransactionOffsets: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var partition: TopicPartition
        var offset: OffsetAndMetadata
    }

    var group: ConsumerGroupMetadata
    /// By topic and partition, so that the same call always makes the same request.
    var entries: [Entry]

    package var isEmpty: Bool { entries.isEmpty }

    package init(_ offsets: [TopicPartition: OffsetAndMetadata], group: ConsumerGroupMetadata) {
        self.group = group
        entries = offsets.map { Entry(partition: $0.key, offset: $0.value) }.sorted {
            ($0.partition.topic, $0.partition.partition) < ($1.partition.topic, $1.partition.partition)
        }
    }
}

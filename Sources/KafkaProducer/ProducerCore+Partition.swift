import KafkaWire

// Which partition a record goes to.
extension ProducerCore {
    /// What a partition was chosen by.
    enum PartitionSource {
        case none, explicit, custom, key, sticky
    }

    /// Explicit partition, then a custom partitioner, then the key's hash, then the sticky partition.
    func choose(
        _ record: RecordBytes, _ explicit: Int32?, _ topic: Topic, _ layout: Topic.Layout, _ headers: Headers
    ) throws(KafkaError) -> (Int32, PartitionSource) {
        if let explicit { return (explicit, .explicit) }
        if let partitioner, let partition = try ask(partitioner, record, topic, layout, headers) {
            return (partition, .custom)
        }
        if let key = record.key, !ignoresKeys {
            return (Murmur2.toPositive(Murmur2.hash(key)) % layout.partitions.count, .key)
        }
        return (topic.sticky.partition(among: layout.partitions), .sticky)
    }

    private func ask(
        _ partitioner: any Partitioner, _ record: RecordBytes, _ topic: Topic, _ layout: Topic.Layout,
        _ headers: Headers
    ) throws(KafkaError) -> Int32? {
        let view = SerializedRecord(record, topic: topic.name, headers: headers)
        let partition: Int32?
        do {
            partition = try partitioner.partition(of: view, partitions: layout.partitions)
        } catch {
            throw error as? KafkaError ?? KafkaError(.partitioner, "\(error)")
        }
        if let partition, !(0..<layout.partitions.count).contains(partition) {
            throw KafkaError(
                .partitioner,
                "the partitioner chose partition \(partition) of topic '\(topic.name)', which has "
                    + "\(layout.partitions.count), from 0")
        }
        return partition
    }

    /// Where to go instead of opening a batch in `partition`; nil to open it. Asked at most once a record.
    func leave(
        _ partition: Int32, _ source: PartitionSource, _ record: RecordBytes, _ bound: Int, _ topic: Topic,
        _ layout: Topic.Layout, _ headers: Headers
    ) throws(KafkaError) -> Int32? {
        switch source {
        case .sticky:
            let queue = layout.queues[Int(partition)]
            guard queue.leavesSticky(batchSize: configuration.batchSize, adding: bound) else { return nil }
            return topic.sticky.switchFrom(partition, among: layout.partitions)
        case .custom:
            guard let partitioner, partitioner.observesNewBatches else { return nil }
            partitioner.onNewBatch(topic: topic.name, partitions: layout.partitions, previous: partition)
            return try ask(partitioner, record, topic, layout, headers)
        case .explicit, .key, .none:
            return nil
        }
    }
}

import KafkaWire
import NIOCore

// Which partition a record goes to.
extension ProducerCore {
    /// What a partition was chosen by.
    enum PartitionSource {
        case none, explicit, custom, key, sticky
    }

    /// Settles which generation of the partitioner has the record. What older ones have under way may have to be done
    /// first: then the latch that opens when it may be.
    func pin(_ progress: inout Progress, _ topic: Topic) -> Latch? {
        guard let partitioner else { return nil }
        if progress.generation < 0 { progress.generation = partitioner.beginRecord() }
        guard progress.generation >= 0 else { return nil }
        let drained = min(partitioner.drainedGeneration, progress.generation)
        guard !topic.generations.areDone(before: drained) else { return nil }
        guard let (latch, isFirst) = topic.generations.wait(forAllBefore: drained) else { return nil }
        // What lingers would hold up whoever waits for it.
        if isFirst { _ = sender.flush() }
        progress.drainsSince = sender.eventLoop.now
        return latch
    }

    /// The record is in its batch, or never will be.
    func unpin(_ progress: inout Progress) {
        guard progress.generation >= 0, !progress.isUnpinned else { return }
        progress.isUnpinned = true
        partitioner?.endRecord(generation: progress.generation)
    }

    /// Explicit partition, then a custom partitioner, then the key's hash, then the sticky partition.
    func choose(
        _ progress: inout Progress, _ record: RecordBytes, _ explicit: Int32?, _ topic: Topic, _ layout: Topic.Layout,
        _ headers: Headers
    ) throws(KafkaError) {
        if let explicit {
            (progress.partition, progress.source) = (explicit, .explicit)
        } else if let partition = try askPartitioner(record, topic, layout, headers, progress.generation) {
            (progress.partition, progress.source) = (partition, .custom)
        } else if let key = record.key, !ignoresKeys {
            let partition = Murmur2.toPositive(Murmur2.hash(key)) % layout.partitions.count
            (progress.partition, progress.source) = (partition, .key)
        } else {
            progress.source = .sticky
        }
    }

    /// The partition that was chosen; of a record that sticks, the one in force, since others may have made the sticky
    /// partitioner go on while this one waited.
    func currentPartition(_ progress: inout Progress, _ topic: Topic, _ layout: Topic.Layout) -> Int32 {
        if progress.source != .sticky, let partition = progress.partition { return partition }
        let partition = topic.sticky.partition(among: layout.partitions)
        progress.partition = partition
        return partition
    }

    private func askPartitioner(
        _ record: RecordBytes, _ topic: Topic, _ layout: Topic.Layout, _ headers: Headers, _ generation: Int
    ) throws(KafkaError) -> Int32? {
        let partition: Int32?
        do {
            partition = try withUnsafePointer(to: headers) { headers in
                let view = SerializedRecord(record, topic: topic, headers: headers, generation: generation)
                return try partitioner?.partition(of: view, partitions: layout.partitions)
            }
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

    /// Tells a partitioner which has asked for it that the record would open a batch in the partition that it chose, and
    /// has it choose once more; returns whether it did. At most once a record, and not at all where the partitioner
    /// does not want it: one that counts would pass partitions over (KAFKA-9965).
    func tellOfNewBatch(
        _ progress: inout Progress, _ record: RecordBytes, _ topic: Topic, _ layout: Topic.Layout, _ headers: Headers
    ) throws(KafkaError) -> Bool {
        guard progress.source == .custom, let previous = progress.partition, let partitioner,
            !progress.hasToldOfNewBatch, partitioner.observesNewBatches
        else { return false }
        progress.hasToldOfNewBatch = true
        partitioner.onNewBatch(
            topic: topic.name, partitions: layout.partitions, previous: previous, generation: progress.generation)
        try choose(&progress, record, nil, topic, layout, headers)
        return true
    }
}

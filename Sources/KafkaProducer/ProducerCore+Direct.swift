import KafkaWire
import Synchronization

// The short way of a record, where nothing has to be waited for.
extension ProducerCore {
    /// The way of most records: the topic is known, and there is an open batch with room. nil if it is not so: then the
    /// record is to go on by `attempt`, with the same progress.
    @inline(__always)
    package func appendDirectly(
        _ progress: inout Progress, _ record: RecordBytes, to topic: Topic, partition: Int32?, headers: Headers,
        callback: DeliveryCallback?
    ) -> DeliveryFuture? {
        if isPartitionedHere || partition != nil {
            return appendDirectly(record, generation: -1, to: topic, partition: partition, callback: callback)
        }
        // The partitioner is asked where it lies, here and below: given a name, it would be counted for each record.
        if partitioner?.isIdle == true { return appendPastPartitioner(record, to: topic, callback: callback) }
        return appendAsking(&progress, record, topic, headers, callback)
    }

    /// The same by the topic's name, which has to be that of the topic that was asked for last.
    package func appendDirectly(
        _ progress: inout Progress, _ record: RecordBytes, toTopicNamed name: UnsafeRawBufferPointer
    ) -> DeliveryFuture? {
        topics.withLatest(named: name) { topic in
            appendDirectly(&progress, record, to: topic, partition: nil, headers: Headers(), callback: nil)
        }
    }

    /// Past a partitioner that leaves records alone for now, but counts them for the day when it does not.
    private func appendPastPartitioner(
        _ record: RecordBytes, to topic: Topic, callback: DeliveryCallback?
    ) -> DeliveryFuture? {
        let generation = partitioner?.beginRecord() ?? -1
        defer { partitioner?.endRecord(generation: generation) }
        let drained = min(partitioner?.drainedGeneration ?? 0, generation)
        guard partitioner?.isIdle == true, topic.generations.areDone(before: drained) else { return nil }
        return appendDirectly(record, generation: generation, to: topic, partition: nil, callback: callback)
    }

    /// Where the partitioner says. It is not asked again where there is no room.
    private func appendAsking(
        _ progress: inout Progress, _ record: RecordBytes, _ topic: Topic, _ headers: Headers,
        _ callback: DeliveryCallback?
    ) -> DeliveryFuture? {
        guard !isShut.load(ordering: .relaxed), record.timestamp >= 0,
            sensors.largestRecord.covers(record.upperBound)
        else { return nil }
        progress.generation = partitioner?.beginRecord() ?? -1
        return topic.layout.withCurrent { layout in
            let drained = min(partitioner?.drainedGeneration ?? 0, progress.generation)
            guard layout.partitions.count > 0, topic.generations.areDone(before: drained) else { return nil }
            do throws(KafkaError) {
                try choose(&progress, record, nil, topic, layout, headers)
            } catch {
                return abandon(&progress, because: error, topic: topic, partition: nil, callback: callback)
            }
            guard let partition = progress.partition else { return nil }
            let future = layout.appendToOpen(
                record, in: partition, generation: progress.generation, callback: callback)
            if future != nil { unpin(&progress) }
            return future
        }
    }

    /// By the record's own partition, its key, or the sticky partitioner.
    @inline(__always)
    func appendDirectly(
        _ record: RecordBytes, generation: Int, to topic: Topic, partition explicit: Int32?,
        callback: DeliveryCallback?
    ) -> DeliveryFuture? {
        guard !isShut.load(ordering: .relaxed), record.timestamp >= 0,
            sensors.largestRecord.covers(record.upperBound)
        else { return nil }
        return topic.layout.withCurrent { layout in
            let count = layout.partitions.count
            let partition: Int32
            var stickyLimit = Int.max
            if let explicit {
                partition = explicit
            } else if let key = record.key, !ignoresKeys {
                guard count > 0 else { return nil }
                partition = Murmur2.toPositive(Murmur2.hash(key)) % count
            } else {
                partition = topic.sticky.current
                stickyLimit = 2 * configuration.batchSize
            }
            guard partition >= 0, partition < count else { return nil }
            return layout.appendToOpen(
                record, in: partition, generation: generation, callback: callback, stickyLimit: stickyLimit)
        }
    }
}

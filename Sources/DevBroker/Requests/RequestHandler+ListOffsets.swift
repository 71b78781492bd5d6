import KafkaWire
import NIOCore

extension RequestHandler {
    /// Finds the offsets of the beginning, the end, or a time.
    func listOffsets(_ request: ListOffsetsRequest, version: Int16) -> ListOffsetsResponse {
        ListOffsetsResponse {
            $0.topics = request.topics.map { topic in
                ListOffsetsResponse.ListOffsetsTopicResponse {
                    $0.name = topic.name
                    $0.partitions = topic.partitions.map { wanted in
                        do throws(Refusal) {
                            return try find(wanted, of: topic.name, IsolationLevel(request: request.isolationLevel))
                        } catch {
                            return ListOffsetsResponse.ListOffsetsPartitionResponse {
                                $0.partitionIndex = wanted.partitionIndex
                                $0.errorCode = error.code
                            }
                        }
                    }
                }
            }
        }
    }

    private func find(
        _ wanted: ListOffsetsRequest.ListOffsetsPartition, of name: String, _ isolation: IsolationLevel
    ) throws(Refusal) -> ListOffsetsResponse.ListOffsetsPartitionResponse {
        let topic = try topic(named: name, id: .zero, byName: true)
        guard let partition = topic[partition: wanted.partitionIndex] else {
            throw Refusal(.unknownTopicOrPartition, "topic '\(name)' has no partition \(wanted.partitionIndex)")
        }
        let leadership = partition.leadership
        try checkLeadership(leadership, epoch: wanted.currentLeaderEpoch)
        let (offset, timestamp) = try find(wanted.timestamp, in: partition, isolation) ?? (-1, -1)
        return ListOffsetsResponse.ListOffsetsPartitionResponse {
            $0.partitionIndex = wanted.partitionIndex
            $0.timestamp = timestamp
            $0.offset = offset
            $0.leaderEpoch = offset < 0 ? -1 : leadership.epoch
        }
    }

    /// An offset, and the timestamp of its record where one was looked for.
    private func find(
        _ timestamp: Int64, in partition: Partition, _ isolation: IsolationLevel
    ) throws(Refusal) -> (offset: Int64, timestamp: Int64)? {
        let offsets = partition.offsets
        return switch timestamp {
        case ListOffsetsRequest.ListOffsetsPartition.latest:
            (isolation == .readCommitted ? offsets.lastStable : offsets.end, -1)
        case ListOffsetsRequest.ListOffsetsPartition.earliest, Self.earliestLocal: (offsets.start, -1)
        case ListOffsetsRequest.ListOffsetsPartition.maxTimestamp:
            try partition.latestTimestamp.flatMap { (latest) throws(Refusal) in try record(since: latest, in: partition)
            }
        case 0...: try record(since: timestamp, in: partition)
        default: nil
        }
    }

    /// The first record at `timestamp` or later.
    private func record(
        since timestamp: Int64, in partition: Partition
    ) throws(Refusal) -> (offset: Int64, timestamp: Int64)? {
        guard let bytes = try partition.batch(since: timestamp) else { return nil }
        do throws(RecordBatchError) {
            var decompressor = Decompressor()
            var reader = try RecordBatch(bytes.readableBytesSpan).reader(using: &decompressor)
            while let record = try reader.next() {
                if record.timestamp >= timestamp { return (record.offset, record.timestamp) }
            }
            return nil
        } catch {
            throw Refusal(error)
        }
    }

    /// The first offset that is not in a remote store (KIP-405), of which there is none here.
    private static let earliestLocal: Int64 = -4
}

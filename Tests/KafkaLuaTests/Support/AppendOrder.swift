import Synchronization

/// In which order a broker has stored batches, over all partitions.
final class AppendOrder: Sendable {
    private struct Batch {
        var topic: String
        var partition: Int
        var baseOffset: Int64
    }

    private let batches = Mutex<[Batch]>([])

    func note(_ topic: String, _ partition: Int, _ baseOffset: Int64) {
        batches.withLock { $0.append(Batch(topic: topic, partition: partition, baseOffset: baseOffset)) }
    }

    /// The number of the record's batch, and its place in it.
    func place(of topic: String, _ partition: Int, _ offset: Int64) -> (Int, Int64) {
        batches.withLock { batches in
            let number = batches.lastIndex {
                $0.topic == topic && $0.partition == partition && $0.baseOffset <= offset
            }
            return (number ?? -1, offset - (number.map { batches[$0].baseOffset } ?? 0))
        }
    }
}

import NIOCore
import TestSupport

@testable import KafkaProducer

/// A topic and its queues without a sender: records are appended as a producer does it.
struct TestTopic {
    let topic: Topic
    let batchSize: Int

    init(partitions: Int32, leaderless: Set<Int32> = [], batchSize: Int, seed: UInt64 = 2) {
        self.init(
            partitions: partitions, leaderless: leaderless, batchSize: batchSize, generator: SeededGenerator(seed: seed)
        )
    }

    init(
        partitions: Int32, leaderless: Set<Int32> = [], batchSize: Int,
        generator: any RandomNumberGenerator & Sendable
    ) {
        topic = Topic(name: "orders", chance: Chance(generator))
        self.batchSize = batchSize
        lead(partitions, leaderless: leaderless)
    }

    /// Takes new metadata.
    func lead(_ partitions: Int32, leaderless: Set<Int32> = []) {
        topic.update(
            ClusterMetadata.Topic(
                name: topic.name, id: .zero,
                partitions: (0..<partitions).map {
                    ClusterMetadata.Partition(id: $0, leader: leaderless.contains($0) ? -1 : 0, leaderEpoch: 0)
                }))
    }

    var queues: [PartitionQueue] { topic.layout.current.queues }
    var rule: StickyRule { StickyRule(batchSize: batchSize, partitions: topic.layout.current.partitions) }

    /// Appends a record, of which 7 bytes and the header of each batch come to the value's; returns its partition.
    /// - Parameter explicit: nil lets the sticky partitioner choose.
    @discardableResult
    func send(valueSize: Int, partition explicit: Int32? = nil) -> Int32 {
        let value = [UInt8](repeating: 0, count: valueSize)
        var chunk: Chunk?
        return RecordBytes.lend(key: nil, value: value, timestamp: 1) { record in
            while true {
                let partition = explicit ?? topic.sticky.partition(among: topic.layout.current.partitions)
                let queue = queues[Int(partition)]
                // The fast way first, as `Producer.send` does.
                let limit = explicit == nil ? 2 * batchSize : Int.max
                let future = topic.layout.current.appendToOpen(
                    record, in: partition, generation: -1, callback: nil, stickyLimit: limit)
                if future != nil { return partition }
                switch queue.append(
                    record, callback: nil, chunk: &chunk, sticky: explicit == nil ? rule : nil, now: .now())
                {
                case .appended: return partition
                case .needsChunk: chunk = Chunk(capacity: max(batchSize, 61 + 31 + valueSize + 1))
                case .moved: break
                case .closed: return -1
                }
            }
        }
    }

    /// Takes what waits, full or not; returns its bytes.
    @discardableResult
    func drain(_ partition: Int32, sealing: Bool = true) -> Int {
        var size = 0
        while let batch = queues[Int(partition)].take(sealing: sealing) { size += batch.size }
        return size
    }
}

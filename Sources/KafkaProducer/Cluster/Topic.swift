import KafkaWire
import NIOCore
import Synchronization

/// A topic as this producer uses it: its partitions with their queues. Made on first use, and kept.
package final class Topic: Sendable {
    /// The partitions as last known.
    final class Layout: Sendable {
        let queues: [PartitionQueue]
        let partitions: TopicPartitions

        init(queues: [PartitionQueue], partitions: TopicPartitions) {
            self.queues = queues
            self.partitions = partitions
        }
    }

    package let name: String
    /// Empty until metadata has come.
    let layout = Published(Layout(queues: [], partitions: TopicPartitions(count: 0, available: [])))
    let sticky = StickyPartition()
    /// Opens when metadata has come; replaced when it has to be waited for again.
    private let metadataArrival = Mutex(Latch())

    init(name: String) {
        self.name = name
    }

    /// Opens with the next metadata.
    var nextMetadata: Latch { metadataArrival.withLock { $0 } }

    /// Takes new metadata. Called on the sender's event loop only.
    func update(_ metadata: ClusterMetadata.Topic) {
        var queues = layout.current.queues
        for partition in queues.count..<max(queues.count, metadata.partitions.count) {
            queues.append(PartitionQueue(topic: self, partition: Int32(partition)))
        }
        let available = metadata.partitions.lazy.filter { $0.leader >= 0 }.map(\.id)
        let partitions = TopicPartitions(count: Int32(queues.count), available: Array(available))
        let former = layout.current
        if former.partitions != partitions { layout.publish(Layout(queues: queues, partitions: partitions)) }
        let latch = metadataArrival.withLock { latch in
            defer { latch = Latch() }
            return latch
        }
        latch.open()
    }
}

import NIOCore
import OrderedCollections

// What the sticky partitioners are to know of the queues (partitionReady in Java's RecordAccumulator, KIP-794).
extension Sender {
    /// How many looks at partitions of a topic there are between two publications at least.
    private static let leastLooks = 8

    /// Publishes the load of a partition's topic now and then. Java does so in each round of its sender; here the cost
    /// of a look at all partitions is shared by as many looks at one.
    func noteLoad(of queue: PartitionQueue, at now: NIODeadline) {
        guard configuration.adaptivePartitioning else { return }
        let topic = queue.topic
        topic.looksSinceLoad += 1
        if topic.looksSinceLoad >= max(Self.leastLooks, topic.layout.current.queues.count) {
            publishLoad(of: topic, at: now)
        }
    }

    /// Publishes the load of the topics of those partitions: time has passed, whether or not anything else has happened.
    /// - Parameter stillActive: the partitions that have batches left; a node that leads none of them keeps nobody waiting.
    func publishLoads(of queues: [PartitionQueue], stillActive: [PartitionQueue], at now: NIODeadline) {
        guard configuration.adaptivePartitioning else { return }
        let leaders = Set(stillActive.map(\.dispatch.leader))
        for node in nodes.values where !leaders.contains(node.id) { node.availability.clear() }
        var published: Set<ObjectIdentifier> = []
        for queue in queues where published.insert(ObjectIdentifier(queue.topic)).inserted {
            publishLoad(of: queue.topic, at: now)
        }
    }

    /// Publishes the load of a topic whose leaders may have changed.
    func publishLoad(of topic: Topic, at now: NIODeadline) {
        topic.looksSinceLoad = 0
        // Before its first choice the topic has records with keys only, which no load diverts.
        guard configuration.adaptivePartitioning, topic.sticky.current >= 0 else { return }
        let layout = topic.layout.current
        // Queues may be left over from a topic of the same name that had more partitions.
        let queues = layout.queues.prefix(Int(layout.partitions.count))
        topic.sticky.publish(PartitionWeights(queues.map { load(of: $0, at: now) }))
    }

    private func load(of queue: PartitionQueue, at now: NIODeadline) -> PartitionLoad {
        let contents = queue.contents()
        let leader = queue.dispatch.leader >= 0 ? nodes[queue.dispatch.leader] : nil
        return PartitionLoad(
            partition: queue.partition,
            queuedBatches: contents.fullCount + (contents.openSince == nil ? 0 : 1) + queue.dispatch.retries.count,
            isAvailable: leader.map { !$0.availability.isLost(at: now, after: availabilityTimeout) } ?? false)
    }
}

import DequeModule
import Logging
import NIOCore
import OrderedCollections

// What follows when a broker and this client do not trust each other.
extension Sender {
    /// Fails at once what waits for a broker that does not let this client in, as trying again would not help (Java's
    /// AuthenticationException). Nobody goes back to it but for something new, and not before the usual pause.
    func refused(by node: Node, _ error: KafkaError) {
        logger.error("node \(node.id): \(error)")
        noteNetworkError(error)
        let end = endOfPause(after: node)
        node.link = .pausing(until: end)
        for queue in node.line { queue.dispatch.isQueued = false }
        node.line = []
        let isLastHope = !nodes.values.contains { $0.connection != nil || $0.isConnecting }
        failTransaction(error, waitingFor: isLastHope ? nil : node)
        transaction?.state.lost(node: node.id)
        if isLastHope {
            metadata.abandon(at: eventLoop.now)
            recovery.answered()
            for topic in topics.all { topic.fail(error) }
        }
        for topic in topics.all {
            for queue in topic.layout.current.queues where isLastHope || queue.dispatch.leader == node.id {
                failWaiting(in: queue, error)
            }
        }
        comeBack(to: node, at: end)
    }

    /// Fails what is not on the wire. What is comes back with an answer of its own, or with the end of its connection.
    private func failWaiting(in queue: PartitionQueue, _ error: KafkaError) {
        for batch in Array(queue.dispatch.retries) + queue.takeExpired(before: .distantFuture) {
            queue.dispatch.failed(batch)
            finish(batch, failing: error)
        }
    }
}

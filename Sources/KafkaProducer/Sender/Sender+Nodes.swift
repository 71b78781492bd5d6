import DequeModule
import Logging
import NIOCore
import OrderedCollections

extension Sender {
    /// The node with the fewest requests in flight among those that are connected; failing that, one to connect to.
    func leastLoadedNode(at now: NIODeadline) -> Node? {
        let connected = nodes.values.filter { $0.connection != nil && $0.throttledUntil <= now }
        if let best = connected.min(by: { ($0.connection?.inFlightCount ?? 0) < ($1.connection?.inFlightCount ?? 0) }) {
            return best
        }
        // Nodes of the cluster before the addresses it was found by; of each kind, any.
        let candidates = nodes.values.shuffled(using: &generator).sorted { $0.id >= 0 && $1.id < 0 }
        if candidates.contains(where: { if case .connecting = $0.link { true } else { false } }) { return nil }
        for node in candidates {
            connect(node, at: now)
            if case .connecting = node.link { return nil }
        }
        return nil
    }

    /// Begins to connect, unless that is under way or has just failed.
    func connect(_ node: Node, at now: NIODeadline) {
        switch node.link {
        case .ready, .connecting: return
        case .pausing(let instant) where instant > now:
            return
        case .idle, .pausing: break
        }
        node.link = .connecting
        let setupTimeout = ExponentialBackoff(
            initial: configuration.connectionSetupTimeout, maximum: configuration.connectionSetupTimeoutMax
        ).base(failures: node.failures)
        transport.open(node.address, setupTimeout: setupTimeout, on: eventLoop)
            .assumeIsolated()
            .whenComplete { [self] result in
                switch result {
                case .success(let connection): connected(node, connection)
                case .failure(let error): disconnected(node, KafkaError(wrapping: error))
                }
            }
    }

    private func connected(_ node: Node, _ connection: any BrokerLink) {
        guard !isClosing, nodes[node.id] === node else {
            return connection.close(KafkaError(.closed, "the connection is not needed any more"))
        }
        let connection = MeasuredLink(connection, node: node.id, sensors: sensors, eventLoop: eventLoop)
        node.link = .ready(connection)
        node.failures = 0
        noteNetworkError(nil)
        connection.onClose = { [self] error in disconnected(node, error) }
        refreshMetadataIfDue()
        if identity == .needed { _ = hasIdentity() }
        drain(node, at: eventLoop.now)
    }

    private func disconnected(_ node: Node, _ error: KafkaError) {
        guard !isClosing, nodes[node.id] === node else { return }
        logger.debug("node \(node.id): \(error)")
        noteNetworkError(error)
        let backoff = ExponentialBackoff(
            initial: configuration.reconnectBackoff, maximum: configuration.reconnectBackoffMax)
        let until = eventLoop.now + backoff.pause(failures: node.failures, using: &generator)
        node.failures += 1
        node.link = .pausing(until: until)
        metadata.want()
        eventLoop.assumeIsolated().scheduleTask(deadline: until) { [self] in
            refreshMetadataIfDue()
            if !node.line.isEmpty { drain(node, at: eventLoop.now) }
        }
    }
}

extension KafkaError {
    /// An error of the network stack, or one of ours that went through it.
    init(wrapping error: any Error) {
        self = error as? KafkaError ?? KafkaError(.network, "\(error)")
    }
}

import DequeModule
import KafkaWire
import Logging
import NIOCore
import OrderedCollections

// Which nodes there are: those of the cluster, and those by which it is found.
extension Sender {
    /// Takes over the cluster's nodes; those of `bootstrap.servers` stay for the case that none of them can be reached.
    func reconcileNodes() {
        for (id, address) in cluster.nodes where nodes[id]?.address != address {
            let node = Node(id: id, address: address)
            if let former = nodes[id] {
                swap(&node.line, &former.line)
                retire(former)
            }
            nodes[id] = node
        }
        for node in nodes.values {
            let isNeeded = node.isBootstrap ? recovery.keepsBootstrapServers : cluster.nodes[node.id] != nil
            if !isNeeded { remove(node) }
        }
    }

    private func remove(_ node: Node) {
        nodes[node.id] = nil
        for queue in node.line { queue.dispatch.isQueued = false }
        node.line = []
        retire(node)
    }

    /// What is in flight to a node that has left is answered, most likely, or late.
    private func retire(_ node: Node) {
        transport.forget(node.address)
        guard let connection = node.connection else { return }
        let close = { connection.close(KafkaError(.networkException, "node \(node.id) has left \(node.address)")) }
        guard connection.inFlightCount > 0 else { return close() }
        eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(configuration.requestTimeout), close)
    }

    // MARK: - Bootstrap

    /// Begins with the brokers of `bootstrap.servers`.
    func bootstrap() {
        guard configuration.clientDNSLookup == .resolveCanonicalBootstrapServersOnly else {
            return begin(with: configuration.bootstrapServers)
        }
        guard !isBootstrapping else { return }
        isBootstrapping = true
        transport.canonical(configuration.bootstrapServers, on: eventLoop).assumeIsolated().whenComplete {
            [self] result in
            isBootstrapping = false
            begin(with: (try? result.get()) ?? configuration.bootstrapServers)
            refreshMetadataIfDue()
        }
    }

    private func begin(with servers: [BrokerAddress]) {
        guard !isClosing, nodes.isEmpty else { return }
        for (index, address) in servers.enumerated() {
            let id = Int32(-1 - index)
            nodes[id] = Node(id: id, address: address)
        }
    }

    /// Starts again if a broker says that this client has to (error 129); returns whether it did.
    func restartIfRequired(by error: KafkaError) -> Bool {
        guard error.code == .rebootstrapRequired else { return false }
        recovery.required()
        guard recovery.isDue(at: eventLoop.now) else { return false }
        // The pause is for a broker that always says so.
        metadata.failed(at: eventLoop.now, using: &generator)
        restart(because: error.message)
        return true
    }

    /// Forgets all that is known of the cluster, and starts again from `bootstrap.servers` (KIP-899). What is queued
    /// stays, and what is under way comes back to be sent again, once there are leaders.
    func restart(because reason: String) {
        logger.info("starting again from bootstrap.servers: \(reason)")
        let former = nodes.values
        nodes = [:]
        cluster = .empty
        for node in former {
            for queue in node.line { queue.dispatch.isQueued = false }
            node.line = []
            transport.forget(node.address)
            node.connection?.close(KafkaError(.networkException, "starting again from bootstrap.servers"))
        }
        recovery.restarted(at: eventLoop.now)
        metadata.restart()
        refreshMetadataIfDue()
    }
}

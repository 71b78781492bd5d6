import DequeModule
import KafkaWire
import Logging
import NIOCore
import OrderedCollections

extension Sender {
    /// The node with the fewest requests in flight among those that are connected; failing that, one is connected to,
    /// unless that is under way.
    func leastLoadedNode(at now: NIODeadline) -> Node? {
        let connected = nodes.values.filter { $0.connection != nil && $0.throttledUntil <= now }
        if let best = connected.min(by: { ($0.connection?.inFlightCount ?? 0) < ($1.connection?.inFlightCount ?? 0) }) {
            return best
        }
        guard !nodes.values.contains(where: \.isConnecting) else { return nil }
        if let node = Node.toConnect(among: nodes.values, at: now, using: &generator) { connect(node, at: now) }
        return nil
    }

    /// Begins to connect, unless that is under way or has just failed.
    func connect(_ node: Node, at now: NIODeadline) {
        guard node.canConnect(at: now) else { return }
        node.link = .connecting
        node.latestAttempt = now
        let setupTimeout = ExponentialBackoff(
            initial: configuration.connectionSetupTimeout, maximum: configuration.connectionSetupTimeoutMax
        ).pause(failures: node.failedSetups, using: &generator)
        transport.open(node.address, setupTimeout: Duration(setupTimeout), on: eventLoop)
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
        node.link = .ready(connection)
        node.failures = 0
        node.failedSetups = 0
        noteNetworkError(nil)
        connection.onClose = { [self] error in disconnected(node, error) }
        holdBack(node, until: connection.throttledUntil)
        refreshMetadataIfDue()
        if identity == .needed { _ = hasIdentity() }
        drain(node, at: eventLoop.now)
    }

    private func disconnected(_ node: Node, _ error: KafkaError) {
        guard !isClosing, nodes[node.id] === node else { return }
        logger.debug("node \(node.id): \(error)")
        if error == .idleConnection {
            node.link = .idle
            return
        }
        noteNetworkError(error)
        if node.isConnecting { node.failedSetups += 1 }
        let now = eventLoop.now
        let until = now + pauseBeforeReconnecting(to: node)
        node.link = .pausing(until: until)
        metadata.want()
        if restartIfRequired(by: error) { return }
        eventLoop.assumeIsolated().scheduleTask(deadline: until) { [self] in
            refreshMetadataIfDue()
            if !node.line.isEmpty, nodes[node.id] === node { drain(node, at: eventLoop.now) }
        }
        // Another node may be there.
        refreshMetadataIfDue()
    }

    /// None as long as the name of the broker has addresses that have not been tried.
    private func pauseBeforeReconnecting(to node: Node) -> TimeAmount {
        if node.isConnecting, transport.hasUntriedAddress(of: node.address) { return .zero }
        defer { node.failures += 1 }
        return ExponentialBackoff(
            initial: configuration.reconnectBackoff, maximum: configuration.reconnectBackoffMax
        ).pause(failures: node.failures, using: &generator)
    }

    // MARK: - Throttling

    /// Lets a node be for as long as its answer asks for (KIP-219).
    func throttle(_ node: Node, for milliseconds: Int32, _ api: APIKey, version: Int16) {
        holdBack(node, until: ThrottleRule.end(of: milliseconds, api, version: version, at: eventLoop.now))
    }

    private func holdBack(_ node: Node, until instant: NIODeadline) {
        guard instant > max(node.throttledUntil, eventLoop.now) else { return }
        logger.debug("node \(node.id) wants no request for \((instant - eventLoop.now).nanoseconds / 1_000_000) ms")
        node.throttledUntil = instant
        eventLoop.assumeIsolated().scheduleTask(deadline: instant) { [self] in
            refreshMetadataIfDue()
            drainAll(at: eventLoop.now)
        }
    }

    // MARK: - Membership

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

    /// What is in flight to a node that has left is answered, most likely; then the connection is closed for being idle.
    private func retire(_ node: Node) {
        transport.forget(node.address)
        guard let connection = node.connection, connection.inFlightCount == 0 else { return }
        connection.close(KafkaError(.networkException, "node \(node.id) has left \(node.address)"))
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

extension KafkaError {
    /// An error of the network stack, or one of ours that went through it.
    init(wrapping error: any Error) {
        self = error as? KafkaError ?? KafkaError(.network, "\(error)")
    }
}

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
        let connection = MeasuredLink(connection, node: node.id, sensors: sensors, eventLoop: eventLoop)
        node.link = .ready(connection)
        node.failures = 0
        node.failedSetups = 0
        noteNetworkError(nil)
        connection.onClose = { [self] error in disconnected(node, error) }
        holdBack(node, until: connection.throttledUntil)
        refreshMetadataIfDue()
        if identity == .needed { _ = hasIdentity() }
        learnFeatures(from: connection.versions)
        drain(node, at: eventLoop.now)
        advanceTransaction()
    }

    private func disconnected(_ node: Node, _ error: KafkaError) {
        guard !isClosing, nodes[node.id] === node else { return }
        if error.isAuthenticationFailure { return refused(by: node, error) }
        logger.debug("node \(node.id): \(error)")
        transaction?.state.lost(node: node.id)
        if error == .idleConnection {
            node.link = .idle
            return
        }
        noteNetworkError(error)
        if node.isConnecting { node.failedSetups += 1 }
        let triesNext = node.isConnecting && transport.hasUntriedAddress(of: node.address)
        let until = triesNext ? eventLoop.now : endOfPause(after: node)
        node.link = .pausing(until: until)
        metadata.want()
        if restartIfRequired(by: error) { return }
        comeBack(to: node, at: until)
        // Another node may be there.
        refreshMetadataIfDue()
    }

    /// Connects again after a pause, if anything is wanted by then.
    func comeBack(to node: Node, at instant: NIODeadline) {
        eventLoop.assumeIsolated().scheduleTask(deadline: instant) { [self] in
            refreshMetadataIfDue()
            if !node.line.isEmpty, nodes[node.id] === node { drain(node, at: eventLoop.now) }
            advanceTransaction()
        }
    }

    /// When a node may be called again that could not be reached, or was lost.
    func endOfPause(after node: Node) -> NIODeadline {
        defer { node.failures += 1 }
        return eventLoop.now
            + ExponentialBackoff(
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
}

extension KafkaError {
    /// An error of the network stack, or one of ours that went through it.
    init(wrapping error: any Error) {
        self = error as? KafkaError ?? KafkaError(.network, "\(error)")
    }
}

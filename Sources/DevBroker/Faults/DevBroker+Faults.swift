public import KafkaWire
import Synchronization

// What can be made to go wrong while a broker runs. A broker that does not run takes no notice.
extension DevBroker {
    /// What goes wrong by chance from now on; at first `DevBrokerConfiguration.faults`.
    public var faults: Faults {
        get { running?.cluster.faults.withLock { $0.faults } ?? configuration.faults }
        set { running?.cluster.faults.withLock { $0.faults = newValue } }
    }

    /// How often something has gone wrong by chance.
    public var faultCounts: [Faults.Kind: Int] { running?.cluster.faults.withLock { $0.counts } ?? [:] }

    /// Lets something go wrong with the next requests of a kind, or with their parts for one topic or partition.
    /// - Parameters:
    ///   - times: How often; faults that were commanded before come first.
    ///   - topic: Whose parts of the requests; nil for any. Of no meaning to faults of whole requests.
    public func inject(
        _ fault: Fault, times: Int = 1, into api: APIKey = .produce, topic: String? = nil, partition: Int32? = nil
    ) {
        let place = FaultPlan.Place(api: api, topic: topic, partition: partition)
        running?.cluster.faults.withLock { $0.command(fault, times: times, at: place) }
    }

    /// Whether requests are left unread while connections stay open; setting it to false answers those that wait.
    public var isSilent: Bool {
        get { running?.cluster.isSilent.load(ordering: .relaxed) ?? false }
        set {
            running?.cluster.isSilent.store(newValue, ordering: .relaxed)
            if !newValue { running?.listeners.resumeConnections() }
        }
    }

    /// Closes the connections of a node, or of all.
    public func closeConnections(ofNode node: Int32? = nil) {
        running?.listeners.closeConnections(ofNode: node)
    }

    /// Moves a partition to another node, under a new epoch.
    /// - Throws: `DevBrokerError` if there is no such partition or node.
    public func moveLeader(topic: String, partition: Int32, to node: Int32) throws(DevBrokerError) {
        guard let cluster = running?.cluster, let partition = cluster.topic(named: topic)?[partition: partition],
            cluster.liveNodes.contains(where: { $0.nodeId == node })
        else { throw DevBrokerError("partition \(partition) of topic '\(topic)' cannot move to node \(node)") }
        partition.move(to: node)
    }

    /// Moves the coordinator of a transactional id to another node.
    /// - Throws: `DevBrokerError` if there is no such node.
    public func moveCoordinator(ofTransactionalId id: String, to node: Int32) throws(DevBrokerError) {
        try moveCoordinator(of: .transaction(id), to: node)
    }

    /// Moves the coordinator of a group to another node.
    /// - Throws: `DevBrokerError` if there is no such node.
    public func moveCoordinator(ofGroup group: String, to node: Int32) throws(DevBrokerError) {
        try moveCoordinator(of: .group(group), to: node)
    }

    private func moveCoordinator(of key: CoordinatorPlaces.Key, to node: Int32) throws(DevBrokerError) {
        guard let cluster = running?.cluster, cluster.liveNodes.contains(where: { $0.nodeId == node }) else {
            throw DevBrokerError("the coordinator of '\(key.name)' cannot move to node \(node)")
        }
        cluster.moveCoordinator(of: key, to: node)
    }

    /// Ends a node as a crash does: its connections are closed and its partitions move to the others.
    /// - Throws: `DevBrokerError` if it is not there, or the last one.
    public func stopNode(_ node: Int32) async throws(DevBrokerError) {
        guard let running else { throw DevBrokerError("the broker does not run") }
        try running.cluster.stop(node)
        try await withoutBlocking { () throws(DevBrokerError) in try running.listeners.close(node) }
    }

    /// Brings a node back that was stopped, at its former address. It leads nothing until partitions are moved to it.
    /// - Throws: `DevBrokerError` if it was not stopped, or its port is taken.
    public func startNode(_ node: Int32) async throws(DevBrokerError) {
        guard let running else { throw DevBrokerError("the broker does not run") }
        try await withoutBlocking { () throws(DevBrokerError) in try running.listeners.reopen(node) }
        running.cluster.started(node)
    }
}

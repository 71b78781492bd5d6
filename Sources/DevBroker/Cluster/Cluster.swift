import KafkaWire
import Logging
import Synchronization

/// What the nodes of a broker share: topics, producer ids, and the place where they are kept. Safe on any thread.
final class Cluster: Sendable {
    let configuration: DevBrokerConfiguration
    let id: KafkaUUID
    /// What goes wrong on purpose.
    let faults: Mutex<FaultPlan>
    /// Whether nothing is answered on purpose.
    let isSilent = Atomic(false)
    private let directory: DataDirectory?
    private let state: Mutex<State>

    private struct State {
        var catalog: TopicCatalog
        var nodes: [DevBroker.Address] = []
        var stoppedNodes: Set<Int32> = []
        var coordinators = CoordinatorPlaces()
        /// The next id, and the first one that has not been put on record as given away.
        var nextProducerId: Int64
        var producerIdsReserved: Int64
    }

    /// How many producer ids are put on record at a time.
    private static let producerIdBlock: Int64 = 1000

    /// Reads the data folder if there is one.
    /// - Throws: `StorageError` if it cannot be read or written.
    init(_ configuration: DevBrokerConfiguration) throws(StorageError) {
        self.configuration = configuration
        self.faults = Mutex(FaultPlan(configuration.faults))
        var catalog = TopicCatalog()
        var nextProducerId: Int64 = 1
        if let path = configuration.dataDirectory {
            let (directory, contents) = try DataDirectory.open(path: path)
            for (name, id, partitions) in contents.topics {
                let leaders = catalog.leaders(partitions: partitions, nodes: configuration.nodes)
                catalog.insert(try Self.makeTopic(name, id, leaders: leaders, in: directory, configuration))
            }
            self.id = contents.clusterId
            self.directory = directory
            nextProducerId = contents.nextProducerId
        } else {
            self.id = .random()
            self.directory = nil
        }
        self.state = Mutex(
            State(catalog: catalog, nextProducerId: nextProducerId, producerIdsReserved: nextProducerId))
    }

    /// Where the nodes listen, by their ids; empty until they do.
    var nodes: [DevBroker.Address] {
        get { state.withLock { $0.nodes } }
        set { state.withLock { $0.nodes = newValue } }
    }

    /// The nodes that have not been stopped.
    var liveNodes: [DevBroker.Address] {
        state.withLock { state in state.nodes.filter { !state.stoppedNodes.contains($0.nodeId) } }
    }

    /// The live node that comes after another, around; that one itself if there is no other.
    func node(after node: Int32) -> Int32 {
        let ids = liveNodes.map(\.nodeId)
        return ids.first { $0 > node } ?? ids.first ?? node
    }

    /// The node that coordinates a group or a transactional id.
    func coordinator(of key: CoordinatorPlaces.Key) -> Int32 {
        let nodes = liveNodes.map(\.nodeId)
        return state.withLock { $0.coordinators.node(of: key, among: nodes) }
    }

    func moveCoordinator(of key: CoordinatorPlaces.Key, to node: Int32) {
        state.withLock { $0.coordinators.move(key, to: node) }
    }

    /// Takes a node out of the cluster: its partitions go to the others in turn.
    /// - Throws: `DevBrokerError` if it is not there, or the last one.
    func stop(_ node: Int32) throws(DevBrokerError) {
        let live = liveNodes
        guard live.count > 1, live.contains(where: { $0.nodeId == node }) else {
            throw DevBrokerError("node \(node) cannot be stopped: there are \(live.map(\.nodeId))")
        }
        state.withLock { _ = $0.stoppedNodes.insert(node) }
        var next = node
        for partition in topics.flatMap(\.partitions) where partition.leadership.node == node {
            next = self.node(after: next)
            partition.move(to: next)
        }
    }

    func started(_ node: Int32) {
        state.withLock { _ = $0.stoppedNodes.remove(node) }
    }

    var topics: [Topic] { state.withLock { Array($0.catalog.topics.values) }.sorted { $0.name < $1.name } }

    func topic(named name: String) -> Topic? { state.withLock { $0.catalog[name] } }

    func partition(_ name: TopicPartition) -> Partition? { topic(named: name.topic)?[partition: name.index] }

    func topic(id: KafkaUUID) -> Topic? { state.withLock { $0.catalog[id] } }

    /// Creates a topic.
    /// - Parameters:
    ///   - leaders: The node that leads each partition; nil for `partitions` of them led by the nodes in turn.
    ///   - validateOnly: Whether to look only whether it could be created.
    /// - Returns: Nil if it was only looked at.
    /// - Throws: `Refusal` that says why not.
    @discardableResult
    func createTopic(
        _ name: String, partitions: Int, leaders: [Int32]? = nil, validateOnly: Bool = false
    ) throws(Refusal) -> Topic? {
        try state.withLock { (state) throws(Refusal) -> Topic? in
            try state.catalog.check(name, partitions: leaders?.count ?? partitions)
            if validateOnly { return nil }
            let leaders = leaders ?? state.catalog.leaders(partitions: partitions, nodes: configuration.nodes)
            do throws(StorageError) {
                let topic = try Self.makeTopic(name, .random(), leaders: leaders, in: directory, configuration)
                try directory?.record(topic)
                state.catalog.insert(topic)
                return topic
            } catch {
                configuration.logger.error("\(error)")
                throw Refusal(error)
            }
        }
    }

    private static func makeTopic(
        _ name: String, _ id: KafkaUUID, leaders: [Int32], in directory: DataDirectory?,
        _ configuration: DevBrokerConfiguration
    ) throws(StorageError) -> Topic {
        var partitions: [Partition] = []
        for (index, leader) in leaders.enumerated() {
            let log: PartitionLog
            if let directory {
                let bytesCut: Int
                (log, bytesCut) = try directory.recoverLog(topic: name, partition: index)
                if bytesCut > 0 {
                    configuration.logger.warning("\(name)-\(index): \(bytesCut) bytes are no whole batch: cut off")
                }
            } else {
                let store = configuration.discard ? nil : MemoryBatchStore()
                log = PartitionLog(store: store, retentionBytes: configuration.retentionBytes)
            }
            partitions.append(Partition(topic: name, index: Int32(index), leader: leader, log: log))
        }
        return Topic(name: name, id: id, partitions: partitions)
    }

    /// Gives away a producer id that nobody has had.
    func newProducerId() throws(Refusal) -> Int64 {
        try state.withLock { (state) throws(Refusal) in
            if let directory, state.nextProducerId == state.producerIdsReserved {
                let reserved = state.producerIdsReserved + Self.producerIdBlock
                do throws(StorageError) {
                    try directory.recordProducerIds(below: reserved)
                } catch {
                    throw Refusal(error)
                }
                state.producerIdsReserved = reserved
            }
            defer { state.nextProducerId += 1 }
            return state.nextProducerId
        }
    }

    /// Brings everything to the disk; nothing is appended after that.
    /// - Throws: The first `StorageError`; the rest is closed all the same.
    func close() throws(StorageError) {
        var failure: StorageError?
        func attempt(_ body: () throws(StorageError) -> Void) {
            do { try body() } catch { failure = failure ?? error }
        }
        for partition in topics.flatMap(\.partitions) {
            attempt { () throws(StorageError) in try partition.close() }
        }
        attempt { () throws(StorageError) in try directory?.close() }
        if let failure { throw failure }
    }
}

public import KafkaWire
import NIOCore
import NIOPosix
import Synchronization

/// A Kafka broker in this process, for trying things out, for tests and for benchmarks: strict, small, on real TCP.
///
/// It checks what it is sent as Kafka does, and says what is wrong. One or more nodes share topics and leaders; there
/// is no replication, and of consumer groups there are only the offsets. All methods may be called on any thread.
public final class DevBroker: Sendable {
    let configuration: DevBrokerConfiguration
    private let state = Mutex(State.idle)

    private enum State {
        case idle
        case running(Running)
        case stopped
    }

    struct Running: Sendable {
        var cluster: Cluster
        var coordinator: TransactionCoordinator
        var listeners: Listeners
        var group: MultiThreadedEventLoopGroup
    }

    public init(_ configuration: DevBrokerConfiguration = DevBrokerConfiguration()) {
        self.configuration = configuration
    }

    /// Reads the data folder, if there is one, and listens.
    /// - Throws: `DevBrokerError` if the configuration cannot be, the folder cannot be read, or a port is taken.
    public func start() async throws(DevBrokerError) {
        try await withoutBlocking { () throws(DevBrokerError) in try self.startBlocking() }
    }

    /// `start` for callers that cannot suspend: blocks until the broker listens. Not for event loops.
    public func startBlocking() throws(DevBrokerError) {
        try configuration.validate()
        try state.withLock { (state) throws(DevBrokerError) in
            guard case .idle = state else { throw DevBrokerError("a broker can be started once") }
            state = .running(try run())
        }
    }

    /// How often the broker looks whether transactions have been open for too long.
    private static let transactionCheckInterval = TimeAmount.milliseconds(100)

    private func run() throws(DevBrokerError) -> Running {
        do {
            let cluster = try Cluster(configuration)
            let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoopThreads)
            do {
                let coordinator = try TransactionCoordinator(cluster)
                let listeners = try Listeners(coordinator, on: group)
                group.next().scheduleRepeatedTask(initialDelay: .zero, delay: Self.transactionCheckInterval) { _ in
                    coordinator.attendToTime()
                }
                return Running(cluster: cluster, coordinator: coordinator, listeners: listeners, group: group)
            } catch {
                try? group.syncShutdownGracefully()
                try? cluster.close()
                throw error
            }
        } catch {
            throw DevBrokerError("\(error)")
        }
    }

    /// Runs what blocks on a thread that may be blocked; to its end, even if the caller's task is cancelled.
    func withoutBlocking(
        _ body: @escaping @Sendable () throws(DevBrokerError) -> Void
    ) async throws(DevBrokerError) {
        let result = await withCheckedContinuation { continuation in
            NIOThreadPool.singleton.submit { _ in
                continuation.resume(returning: Result { () throws(DevBrokerError) in try body() })
            }
        }
        try result.get()
    }

    /// Closes all connections and brings everything to the disk. A broker that does not run stays as it is.
    /// - Throws: `DevBrokerError` if something could not be written.
    public func shutdown() async throws(DevBrokerError) {
        try await withoutBlocking { () throws(DevBrokerError) in try self.shutdownBlocking() }
    }

    /// `shutdown` for callers that cannot suspend. Not for event loops.
    public func shutdownBlocking() throws(DevBrokerError) {
        let running: Running? = state.withLock { state in
            guard case .running(let running) = state else { return nil }
            state = .stopped
            return running
        }
        guard let running else { return }
        // Each is closed, whatever becomes of those before it.
        let steps: [() throws -> Void] = [
            running.group.syncShutdownGracefully, running.coordinator.close, running.cluster.close,
        ]
        var failure: (any Error)?
        for step in steps {
            do { try step() } catch { failure = failure ?? error }
        }
        if let failure { throw DevBrokerError("\(failure)") }
    }

    deinit {
        try? shutdownBlocking()
    }

    var running: Running? {
        state.withLock { state in
            if case .running(let running) = state { running } else { nil }
        }
    }

    /// Where the nodes listen; empty while the broker does not run.
    public var addresses: [Address] { running?.cluster.nodes ?? [] }

    /// The addresses as `bootstrap.servers` takes them, such as `127.0.0.1:9092,127.0.0.1:9093`.
    public var bootstrapServers: String { addresses.map(\.description).joined(separator: ",") }

    /// The names of all topics, sorted.
    public var topics: [String] { running?.cluster.topics.map(\.name) ?? [] }

    /// Creates a topic.
    /// - Parameter partitions: How many; nil for `partitionsPerTopic`.
    /// - Throws: `DevBrokerError` if the broker does not run, the topic exists, or the name or number cannot be.
    public func createTopic(_ name: String, partitions: Int? = nil) throws(DevBrokerError) {
        guard let cluster = running?.cluster else { throw DevBrokerError("the broker does not run") }
        do {
            try cluster.createTopic(name, partitions: partitions ?? configuration.partitionsPerTopic)
        } catch {
            throw DevBrokerError(error.message)
        }
    }

    /// All records that a partition keeps, in order.
    /// - Parameter committedOnly: Whether to leave out those of transactions that were aborted, and all from the
    ///   first open transaction on.
    /// - Throws: `DevBrokerError` if there is no such partition, or it cannot be read.
    public func records(
        topic: String, partition: Int, committedOnly: Bool = false
    ) throws(DevBrokerError) -> [Record] {
        var records: [Record] = []
        try forEachRecord(topic: topic, partition: partition, committedOnly: committedOnly) {
            records.append(Record($0))
        }
        return records
    }

    /// Shows all records that a partition keeps, in order and where they lie.
    /// - Throws: `DevBrokerError` if there is no such partition, or it cannot be read.
    public func forEachRecord(
        topic: String, partition: Int, committedOnly: Bool = false, _ body: (borrowing RecordView) -> Void
    ) throws(DevBrokerError) {
        guard let index = Int32(exactly: partition),
            let log = running?.cluster.topic(named: topic)?[partition: index]
        else { throw DevBrokerError("there is no partition \(partition) of topic '\(topic)'") }
        do {
            var decompressor = Decompressor()
            var offset = log.offsets.start
            while true {
                let reading = try log.read(
                    from: offset, maxBytes: 1 << 24, atLeastOne: true,
                    isolation: committedOnly ? .readCommitted : .readUncommitted)
                for buffer in reading.batches {
                    var batches = RecordBatches(buffer.readableBytesSpan)
                    while let batch = try batches.next() {
                        offset = batch.lastOffset + 1
                        if reading.passesOver(batch) { continue }
                        var reader = try batch.reader(using: &decompressor)
                        while let record = try reader.next() { body(record) }
                    }
                }
                if reading.batches.isEmpty || offset >= reading.offsets.end { return }
            }
        } catch {
            throw DevBrokerError("\(error)")
        }
    }

    /// The offset that the partition's next record gets; nil if there is no such partition.
    public func endOffset(topic: String, partition: Int) -> Int64? {
        guard let index = Int32(exactly: partition) else { return nil }
        return running?.cluster.topic(named: topic)?[partition: index]?.offsets.end
    }
}

/// Why a broker could not do what was asked.
public struct DevBrokerError: Error, Equatable, CustomStringConvertible {
    public var description: String

    init(_ description: String) {
        self.description = description
    }
}

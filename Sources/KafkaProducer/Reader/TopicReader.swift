import KafkaWire
import Logging
import NIOCore
import NIOPosix

/// Reads a topic back, all partitions or some, for `tail` and for tests. It belongs to no group and commits nothing.
public actor TopicReader {
    /// Where to begin in each partition.
    public enum Start: Sendable, Hashable {
        case beginning
        /// Only what comes from now on.
        case end
        case offset(Int64)
        /// The last so many records of each partition.
        case last(Int64)
    }

    /// Records that wait to be taken; the brokers are not asked for more while there are so many.
    private static let bufferLimit = 10_000
    private static let maxWait = Duration.milliseconds(500)
    private static let partitionMaxBytes: Int32 = 1 << 20

    private let configuration: ProducerConfiguration
    private let topic: String
    private let wanted: Set<Int32>?
    private let start: Start
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private var transport: TCPTransport?
    private var connections: [BrokerAddress: BrokerConnection] = [:]
    private var positions: [Int32: Int64] = [:]
    private var highWatermarks: [Int32: Int64] = [:]
    private var fetchers: Task<Void, Never>?
    private var buffer: [ConsumedRecord] = []
    private var failure: KafkaError?
    /// Opens when something has come; replaced by one for the next arrival.
    private var arrival = Latch()
    /// Opens when the buffer has been taken.
    private var room = Latch()

    /// - Parameters:
    ///   - configuration: `bootstrap.servers` and the network's keys count; the others do not.
    ///   - partitions: nil for all.
    public init(
        _ configuration: ProducerConfiguration, topic: String, partitions: Set<Int32>? = nil,
        from start: Start = .beginning
    ) {
        self.configuration = configuration
        self.topic = topic
        wanted = partitions
        self.start = start
    }

    deinit {
        fetchers?.cancel()
        group.shutdownGracefully { _ in }
    }

    /// The next records, in order within each partition: at once if there are any, else as soon as some come, and none
    /// if `maxWait` passes before. Connects on first use.
    /// - Throws: `KafkaError`, once for each failure; the next call begins anew where the last record was.
    public func poll(maxWait: Duration = .milliseconds(500)) async throws(KafkaError) -> [ConsumedRecord] {
        if fetchers == nil { try await begin() }
        if buffer.isEmpty, failure == nil {
            let (arrival, timeUp) = (arrival, Latch())
            let timer = group.any().scheduleTask(in: TimeAmount(maxWait)) { timeUp.open() }
            await Latch.either(arrival, timeUp)
            timer.cancel()
        }
        if let failure, buffer.isEmpty {
            stop()
            self.failure = nil
            throw failure
        }
        defer {
            buffer = []
            room.open()
        }
        return buffer
    }

    /// Whether all that was there when the brokers were last asked has been taken.
    public var isAtEnd: Bool {
        buffer.isEmpty && !positions.isEmpty
            && positions.allSatisfy { partition, position in highWatermarks[partition].map { position >= $0 } ?? false }
    }

    /// The names of all topics of the cluster, sorted.
    /// - Throws: `KafkaError` if no broker answers.
    public static func topicNames(_ configuration: ProducerConfiguration) async throws(KafkaError) -> [String] {
        let reader = TopicReader(configuration, topic: "")
        let response = try await reader.allTopics()
        await reader.close()
        return response.topics.filter { !$0.isInternal }.compactMap(\.name).sorted()
    }

    private func allTopics() async throws(KafkaError) -> MetadataResponse {
        try await firstAnswer(to: MetadataRequest { $0.topics = nil }) { _ in nil }
    }

    /// Ends the reading and closes the connections.
    public func close() {
        stop()
        let connections = connections.values
        self.connections = [:]
        for connection in connections {
            group.any().execute { connection.close(KafkaError(.closed, "the reader was closed")) }
        }
    }

    private func stop() {
        fetchers?.cancel()
        fetchers = nil
        room.open()
    }

    // MARK: - Begin

    private func begin() async throws(KafkaError) {
        let metadata = try await findTopic()
        let leaders = try leaders(metadata)
        for (address, partitions) in leaders {
            let unknown = partitions.filter { positions[$0.partitionIndex] == nil }
            guard !unknown.isEmpty else { continue }
            let connection = try await connection(to: address)
            for partition in unknown {
                positions[partition.partitionIndex] = try await startOffset(partition.partitionIndex, connection)
            }
        }
        let topicId = metadata.topics.first?.topicId ?? .zero
        fetchers = Task {
            await withTaskGroup { group in
                for (address, partitions) in leaders {
                    let indexes = partitions.map(\.partitionIndex)
                    group.addTask { [weak self] in await self?.fetch(indexes, from: address, topicId: topicId) }
                }
            }
        }
    }

    func connection(to address: BrokerAddress) async throws(KafkaError) -> BrokerConnection {
        if let connection = connections[address] { return connection }
        do {
            let connection = try await makeTransport().openAny(
                address, setupTimeout: configuration.connectionSetupTimeout, on: group.any()
            ).get()
            connections[address] = connection
            return connection
        } catch {
            throw KafkaError(wrapping: error)
        }
    }

    /// On first use, so that a reader can be made of any configuration.
    private func makeTransport() throws(KafkaError) -> TCPTransport {
        if let transport { return transport }
        let made = try TCPTransport(configuration: configuration)
        transport = made
        return made
    }

    /// Asks the bootstrap servers in turn for the topic.
    func findTopic() async throws(KafkaError) -> MetadataResponse {
        let request = MetadataRequest {
            $0.topics = [.init { $0.name = topic }]
            $0.allowAutoTopicCreation = false
        }
        let name = topic
        return try await firstAnswer(to: request) { response in
            let code = response.topics.first?.errorCode ?? .unknownTopicOrPartition
            return code == .none ? nil : KafkaError(code, "topic '\(name)'")
        }
    }

    /// The first answer of a bootstrap server that has no `flaw`.
    private func firstAnswer(
        to request: MetadataRequest, flaw: (MetadataResponse) -> KafkaError?
    ) async throws(KafkaError) -> MetadataResponse {
        var last = KafkaError(.configuration, "bootstrap.servers is required: name a broker as host:port")
        for address in configuration.bootstrapServers {
            do throws(KafkaError) {
                let (response, _) = try await answer(request, from: address)
                guard let error = flaw(response) else { return response }
                last = error
            } catch {
                // The others are shown the same credentials, which may lock the account.
                if error.isAuthenticationFailure { throw error }
                last = error
            }
        }
        throw last
    }

    private func leaders(
        _ metadata: MetadataResponse
    ) throws(KafkaError) -> [BrokerAddress: [MetadataResponse.Partition]] {
        let nodes = Dictionary(
            metadata.brokers.map { ($0.nodeId, BrokerAddress(host: $0.host, port: Int($0.port))) },
            uniquingKeysWith: { _, last in last })
        var leaders: [BrokerAddress: [MetadataResponse.Partition]] = [:]
        for partition in metadata.topics.first?.partitions ?? []
        where wanted?.contains(partition.partitionIndex) ?? true {
            guard let address = nodes[partition.leaderId] else {
                throw KafkaError(ErrorCode.leaderNotAvailable, "\(topic)-\(partition.partitionIndex)")
            }
            leaders[address, default: []].append(partition)
        }
        if let wanted, leaders.values.reduce(0, { $0 + $1.count }) < wanted.count {
            throw KafkaError(.illegalArgument, "topic '\(topic)' does not have all of partitions \(wanted.sorted())")
        }
        return leaders
    }

    private func startOffset(_ partition: Int32, _ connection: BrokerConnection) async throws(KafkaError) -> Int64 {
        switch start {
        case .offset(let offset): return offset
        case .beginning: return try await offset(partition, at: Self.earliest, connection)
        case .end: return try await offset(partition, at: Self.latest, connection)
        case .last(let count):
            let end = try await offset(partition, at: Self.latest, connection)
            return max(end - count, try await offset(partition, at: Self.earliest, connection))
        }
    }

    // What ListOffsets takes in place of a timestamp.
    static let earliest: Int64 = -2
    static let latest: Int64 = -1

    func offset(
        _ partition: Int32, at timestamp: Int64, _ connection: BrokerConnection
    ) async throws(KafkaError) -> Int64 {
        let request = ListOffsetsRequest {
            $0.topics = [
                .init {
                    $0.name = topic
                    $0.partitions = [
                        .init {
                            $0.partitionIndex = partition
                            $0.timestamp = timestamp
                        }
                    ]
                }
            ]
        }
        let (response, _) = try await answer(request, from: connection.address)
        guard let found = response.topics.first?.partitions.first else {
            throw KafkaError(.malformed, "no offset for \(topic)-\(partition)")
        }
        guard found.errorCode == .none else { throw KafkaError(found.errorCode, "\(topic)-\(partition)") }
        return found.offset
    }

    private func answer<Call: Request>(
        _ request: Call, from address: BrokerAddress
    ) async throws(KafkaError) -> (Call.Response, ByteBuffer) {
        let connection = try await connection(to: address)
        do throws(KafkaError) {
            return try await connection.answer(
                to: request, timeout: configuration.requestTimeout, on: group.any())
        } catch {
            connections[address] = nil
            throw error
        }
    }

    // MARK: - Fetch

    /// Asks one broker for its partitions, over and over; the broker answers when there is something.
    private func fetch(_ partitions: [Int32], from address: BrokerAddress, topicId: KafkaUUID) async {
        do throws(KafkaError) {
            while !Task.isCancelled {
                let (response, body) = try await answer(fetchRequest(partitions, topicId), from: address)
                guard response.errorCode == .none else { throw KafkaError(response.errorCode, "fetch from \(address)") }
                for data in response.responses.flatMap(\.partitions) { try take(data, body) }
                while buffer.count >= Self.bufferLimit, !Task.isCancelled {
                    if room.isOpen { room = Latch() }
                    await room.opened()
                }
            }
        } catch {
            if !Task.isCancelled { fail(error) }
        }
    }

    private func fetchRequest(_ partitions: [Int32], _ topicId: KafkaUUID) -> FetchRequest {
        FetchRequest {
            $0.maxWaitMs = Int32(Self.maxWait.milliseconds)
            $0.minBytes = 1
            $0.maxBytes = 16 << 20
            $0.topics = [
                .init {
                    $0.topic = topic
                    $0.topicId = topicId
                    $0.partitions = partitions.map { index in
                        .init {
                            $0.partition = index
                            $0.fetchOffset = positions[index] ?? 0
                            $0.partitionMaxBytes = Self.partitionMaxBytes
                        }
                    }
                }
            ]
        }
    }

    private func take(_ data: FetchResponse.PartitionData, _ body: ByteBuffer) throws(KafkaError) {
        let partition = data.partitionIndex
        guard let position = positions[partition] else { return }
        guard data.errorCode == .none else {
            throw KafkaError(data.errorCode, "\(topic)-\(partition) at offset \(position)")
        }
        let fetched = try FetchedPartition(data, in: body, topic: topic, from: position)
        positions[partition] = fetched.nextOffset
        highWatermarks[partition] = fetched.highWatermark
        buffer += fetched.records
        if !fetched.records.isEmpty || isAtEnd { announce() }
    }

    private func fail(_ error: KafkaError) {
        failure = error
        announce()
    }

    private func announce() {
        arrival.open()
        arrival = Latch()
    }
}

import KafkaWire
import NIOCore

@testable import KafkaProducer

/// Brokers without sockets, which answer as a test tells them to, a little later than they were asked. Lives on the loop
/// of a `Rehearsal`.
final class ScriptedCluster: Transport, @unchecked Sendable {
    struct Produced: Equatable {
        var host: String
        var partition: Int32
        var topicId = ScriptedCluster.topicId
    }

    static let topicId = KafkaUUID(high: 1, low: 1)

    var answerTime = TimeAmount.milliseconds(1)
    /// Hosts of the nodes, by their ids.
    var hosts: [Int32: String] = [1: "one", 2: "two"]
    /// The leaders of the one topic's partitions.
    var leaders: [Int32] = [1]
    var leaderEpoch: Int32 = 1
    var topicId = ScriptedCluster.topicId
    var topicError = ErrorCode.none
    /// Hosts to which no connection comes about, and why.
    var unreachable: [String: KafkaError] = [:]
    /// Hosts that take requests and answer none.
    var silent: Set<String> = []
    /// What hosts that are stuck will say when they are released.
    private var heldBack: [String: [() -> Void]] = [:]
    /// Hosts whose name has so many more addresses to try.
    var untried: [String: Int] = [:]
    /// Changes an answer before it leaves; called with the host.
    var editMetadata: (String, inout MetadataResponse) -> Void = { _, _ in }
    var editProduce: (String, inout ProduceResponse) -> Void = { _, _ in }
    /// Whom a name of `bootstrap.servers` stands for.
    var canonicalNames: [String: [String]] = [:]

    /// Everything that was asked of anybody, in order: "open one", "metadata one [orders]", "produce one 0".
    private(set) var log: [String] = []
    /// When each attempt to connect was made, how long it was given, by host.
    private(set) var attempts: [(host: String, at: NIODeadline, timeout: Duration)] = []
    private(set) var links: [ScriptedClusterLink] = []

    func clearLog() { log = [] }

    func open(
        _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<any BrokerLink> {
        let host = address.host
        log.append("open \(host)")
        attempts.append((host, eventLoop.now, setupTimeout))
        let promise = eventLoop.makePromise(of: (any BrokerLink).self)
        eventLoop.assumeIsolated().scheduleTask(in: answerTime) { [self] in
            if let error = unreachable[host] {
                untried[host]? -= 1
                return promise.fail(error)
            }
            let link = ScriptedClusterLink(address, cluster: self, eventLoop: eventLoop)
            links.append(link)
            promise.succeed(link)
        }
        return promise.futureResult
    }

    func hasUntriedAddress(of address: BrokerAddress) -> Bool { untried[address.host, default: 0] > 0 }

    func canonical(
        _ servers: [BrokerAddress], on eventLoop: any EventLoop
    ) -> EventLoopFuture<[BrokerAddress]> {
        eventLoop.makeSucceededFuture(
            servers.flatMap { server in
                (canonicalNames[server.host] ?? [server.host]).map { BrokerAddress(host: $0, port: server.port) }
            })
    }

    /// The connection to a host that was opened last.
    func link(to host: String) -> ScriptedClusterLink? { links.last { $0.address.host == host } }

    // MARK: - Hosts that get stuck

    /// Lets a host take requests, also those that want no answer, and finish none of them.
    func stick(_ host: String) { heldBack[host] = heldBack[host] ?? [] }

    func release(_ host: String) {
        for finish in heldBack.removeValue(forKey: host) ?? [] { finish() }
    }

    /// Calls `finish` when the host is done with a request.
    func later(_ host: String, on eventLoop: any EventLoop, _ finish: @escaping () -> Void) {
        guard heldBack[host]?.append(finish) == nil else { return }
        eventLoop.assumeIsolated().scheduleTask(in: answerTime, finish)
    }

    // MARK: - Answers

    func answer(
        _ api: APIKey, _ version: Int16, _ body: [UInt8], at host: String
    ) throws -> WireWriter? {
        switch api {
        case .metadata: try metadata(MetadataRequest.decode(body.span.bytes, version: version), version, host)
        case .produce: try produce(ProduceRequest.decode(body.span.bytes, version: version), version, host)
        default: nil
        }
    }

    private func metadata(_ request: MetadataRequest, _ version: Int16, _ host: String) throws -> WireWriter? {
        let names = request.topics?.compactMap(\.name) ?? []
        log.append("metadata \(host) \(names)")
        if silent.contains(host) { return nil }
        var response = MetadataResponse {
            $0.brokers = hosts.sorted { $0.key < $1.key }.map { id, host in
                .init {
                    $0.nodeId = id
                    $0.host = host
                    $0.port = 9092
                }
            }
            $0.topics = names.map(topic)
        }
        editMetadata(host, &response)
        return try response.encode(version: version)
    }

    private func topic(_ name: String) -> MetadataResponse.Topic {
        .init {
            $0.name = name
            $0.errorCode = topicError
            $0.topicId = topicId
            guard topicError == .none else { return }
            $0.partitions = leaders.enumerated().map { index, leader in
                .init {
                    $0.partitionIndex = Int32(index)
                    $0.leaderId = leader
                    $0.leaderEpoch = leaderEpoch
                }
            }
        }
    }

    private func produce(_ request: ProduceRequest, _ version: Int16, _ host: String) throws -> WireWriter? {
        let partitions = request.topicData.flatMap { $0.partitionData.map(\.index) }
        log.append("produce \(host) \(partitions.map { "\($0)" }.joined(separator: ","))")
        if silent.contains(host) { return nil }
        var response = ProduceResponse {
            $0.responses = request.topicData.map { topic in
                .init {
                    $0.topicId = topic.topicId
                    $0.name = topic.name
                    $0.partitionResponses = topic.partitionData.map { partition in
                        .init {
                            $0.index = partition.index
                            if topic.topicId != topicId { $0.errorCode = .unknownTopicId }
                        }
                    }
                }
            }
        }
        editProduce(host, &response)
        return try response.encode(version: version)
    }
}

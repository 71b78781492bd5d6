import KafkaWire
import Logging
import NIOCore
import NIOEmbedded
import TestSupport

@testable import KafkaProducer

/// Brokers that take requests and, while they are stuck, do not say that they did. On one thread, with a clock that
/// stands until it is moved; for producers with `acks=0`, whose requests are done when they are taken.
final class StubbornCluster: @unchecked Sendable {
    let loop = EmbeddedEventLoop()
    /// The leader of each partition.
    let leaders: [Int32]
    /// Ids of nodes that answer nothing.
    private var stuck: Set<Int32> = []
    private var unanswered: [Int32: [() -> Void]] = [:]

    init(leaders: [Int32]) {
        self.leaders = leaders
        // There is no time before 0: in the first two minutes everything would seem to have expired.
        loop.advanceTime(by: .hours(1))
    }

    func stick(_ node: Int32) { stuck.insert(node) }

    func release(_ node: Int32) {
        stuck.remove(node)
        for answer in unanswered.removeValue(forKey: node) ?? [] { answer() }
        loop.run()
    }

    fileprivate func answer(_ node: Int32, _ answer: @escaping () -> Void) {
        if stuck.contains(node) { unanswered[node, default: []].append(answer) } else { loop.execute(answer) }
    }

    /// Nodes listen on ports that are their ids and 9000.
    fileprivate static let firstPort = 9000

    private func producer(_ keys: [String: String]) throws -> ProducerCore {
        let configuration = try ProducerConfiguration.quick(
            "localhost:\(Self.firstPort)",
            ["acks": "0", "enable.idempotence": "false", "linger.ms": "0"].merging(keys, uniquingKeysWith: { $1 }))
        return try ProducerCore(
            configuration, logger: .init(label: "test"),
            environment: ProducerEnvironment(
                eventLoop: loop, transport: LocalTransport(cluster: self), generator: SeededGenerator(seed: 1)))
    }

    /// Lends a producer; what it has not sent by the end fails.
    func withProducer(_ keys: [String: String], _ body: (ProducerCore) throws -> Void) throws {
        do { try body(producer(keys)) }
        stuck = []
        for node in unanswered.keys.sorted() { release(node) }
        loop.run()
    }

    /// Sends a record without a key; returns its partition.
    func send(_ core: ProducerCore, to name: String) throws -> Int32 {
        let topic = core.topic(name)
        return try RecordBytes.lend(key: nil, value: [1], timestamp: 1) { record in
            var progress = ProducerCore.Progress()
            while true {
                let attempt = try core.attempt(
                    &progress, record, to: topic, partition: nil, headers: Headers(), callback: nil)
                loop.run()
                if case .sent(let future) = attempt { return future.batch.partition }
            }
        }
    }

    fileprivate func metadata(_ topics: [String]) -> MetadataResponse {
        MetadataResponse {
            $0.brokers = Set(leaders).sorted().map { id in
                .init {
                    $0.nodeId = id
                    $0.host = "localhost"
                    $0.port = Int32(Self.firstPort) + id
                }
            }
            $0.topics = topics.map { name in
                .init {
                    $0.name = name
                    $0.partitions = leaders.enumerated().map { index, leader in
                        .init {
                            $0.partitionIndex = Int32(index)
                            $0.leaderId = leader
                        }
                    }
                }
            }
        }
    }

    private struct LocalTransport: Transport {
        let cluster: StubbornCluster

        func open(
            _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
        ) -> EventLoopFuture<any BrokerLink> {
            eventLoop.makeSucceededFuture(StubbornLink(cluster: cluster, address: address))
        }
    }

    private final class StubbornLink: BrokerLink, @unchecked Sendable {
        let cluster: StubbornCluster
        let address: BrokerAddress
        let versions = NegotiatedVersions(
            ApiVersionsResponse {
                $0.apiKeys = [APIKey.metadata, .produce].map { api in
                    .init {
                        $0.apiKey = api.rawValue
                        $0.minVersion = 0
                        $0.maxVersion = 7
                    }
                }
            })
        private(set) var inFlightCount = 0
        var onClose: ((KafkaError) -> Void)?

        init(cluster: StubbornCluster, address: BrokerAddress) {
            self.cluster = cluster
            self.address = address
        }

        func send(
            _ api: APIKey, version: Int16, body: WireWriter, payloads: [ByteBuffer], expectsAnswer: Bool,
            timeout: Duration, written: (() -> Void)?, completion: @escaping Completion
        ) {
            var answer = ByteBuffer()
            if api == .metadata {
                let request = try? MetadataRequest.decode(body.bytes.span.bytes, version: version)
                let topics = (request?.topics ?? []).compactMap(\.name)
                answer.writeBytes((try? cluster.metadata(topics).encode(version: version))?.bytes ?? [])
            }
            inFlightCount += 1
            cluster.answer(api == .metadata ? -1 : Int32(address.port - StubbornCluster.firstPort)) { [self] in
                inFlightCount -= 1
                written?()
                completion(.success(answer))
            }
        }

        func close(_ error: KafkaError) { onClose?(error) }
    }
}

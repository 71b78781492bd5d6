import KafkaWire
import NIOCore
import NIOPosix
import Synchronization

@testable import KafkaProducer

/// A cluster that speaks Kafka's protocol and does what a test says: the test takes each produce request out of an inbox
/// and answers it, when and how it likes. All else is answered at once, from the script.
final class ManualBroker: Sendable {
    /// A request as it came.
    struct Request: Sendable, Equatable {
        var node: Int32
        /// Connections count from 0, over all nodes.
        var connection: Int
        var api: APIKey
        var version: Int16
    }

    private let script: Mutex<Script>
    /// All requests, in order of arrival.
    let requests = Log<Request>()
    private let coordinator = Mutex(ScriptedCoordinator())
    private let arrivals = Inbox<ProduceArrival>()
    private let questions = Inbox<[String]>()
    private let channels = Mutex<[any Channel]>([])
    private let connections = Atomic(0)

    /// - Parameter nodes: how many, with the ids from 0.
    init(nodes: Int = 1, _ script: Script = Script()) throws {
        self.script = Mutex(script)
        for node in 0..<Int32(nodes) {
            let channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { [weak self] channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard let self else { throw ChannelError.ioOnClosedChannel }
                        let number = self.connections.wrappingAdd(1, ordering: .relaxed).oldValue
                        try channel.pipeline.syncOperations.addHandler(
                            ManualConnection(self, node: node, number: number))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).wait()
            channels.withLock { $0.append(channel) }
        }
    }

    deinit {
        for channel in channels.withLock({ $0 }) { channel.close(promise: nil) }
    }

    var currentScript: Script { script.withLock { $0 } }

    /// Changes what is said from now on.
    func change(_ edit: (inout Script) -> Void) { script.withLock { edit(&$0) } }

    /// Changes what the coordinator of transactions does, which is node 0.
    func changeCoordinator(_ edit: (inout ScriptedCoordinator) -> Void) { coordinator.withLock { edit(&$0) } }

    func takeCoordinatorLog() -> [String] { coordinator.withLock { $0.takeLog() } }

    func coordinate(_ exchange: Exchange, _ body: [UInt8]) throws -> Bool {
        let port = Int32(ports[0])
        return try coordinator.withLock { coordinator in
            coordinator.port = port
            return try coordinator.serve(exchange, body)
        }
    }

    func identify() -> InitProducerIdResponse { script.withLock { $0.identify() } }

    var ports: [Int] { channels.withLock { $0.map { $0.localAddress?.port ?? 0 } } }

    /// Where a client begins: the first node only, so that the others are those that metadata or answers name.
    var bootstrapServers: String { "127.0.0.1:\(ports[0])" }

    /// The next produce request; blocks until it is there.
    func nextProduce() throws -> ProduceArrival { try arrivals.next() }

    /// The topics of the next question for metadata; blocks until it is there.
    func nextQuestion() throws -> [String] { try questions.next() }

    /// Whether every produce request has been taken.
    var hasNoMore: Bool { arrivals.isEmpty }

    /// How many requests of a kind have come.
    func count(of api: APIKey) -> Int { requests.entries.count { $0.api == api } }

    func endpoint(of node: Int32) -> NodeEndpoint {
        NodeEndpoint {
            $0.nodeId = node
            $0.host = "127.0.0.1"
            $0.port = Int32(ports[Int(node)])
        }
    }

    func configuration(_ keys: [String: String] = [:]) throws(KafkaError) -> ProducerConfiguration {
        try .quick(bootstrapServers, keys)
    }

    func producer(
        _ keys: [String: String] = [:], interceptors: [any ProducerInterceptor<String, String>] = [],
        partitioner: (any Partitioner)? = nil
    ) throws(KafkaError) -> Producer<String, String> {
        var configuration = try configuration(keys)
        if let partitioner { configuration.partitioner = .custom(partitioner) }
        return try Producer(configuration, interceptors: interceptors)
    }

    func received(_ arrival: ProduceArrival) { arrivals.put(arrival) }

    func asked(about topics: [String]) { questions.put(topics) }
}

import KafkaWire
import Logging
import NIOCore
import NIOPosix
import Synchronization

@testable import KafkaProducer

/// The network, with produce requests that never arrive: their connection breaks, or nothing is heard of them.
final class ScriptedTransport: Transport {
    enum Fate: Sendable { case sent, broken, silent }

    private let network: TCPTransport
    private let fates: Mutex<[Fate]>
    private let last: Fate

    /// - Parameter fates: of the first produce requests, and then of all others the last one's.
    init(_ configuration: ProducerConfiguration, _ fates: [Fate]) {
        network = TCPTransport(configuration: configuration)
        self.fates = Mutex(fates)
        last = fates.last ?? .sent
    }

    func open(
        _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<any BrokerLink> {
        network.open(address, setupTimeout: setupTimeout, on: eventLoop).map { ScriptedLink($0, self) }
    }

    fileprivate func nextFate() -> Fate {
        fates.withLock { $0.isEmpty ? last : $0.removeFirst() }
    }

    /// A producer over this network.
    static func producer(
        _ configuration: ProducerConfiguration, _ fates: [Fate]
    ) throws(KafkaError) -> ProducerCore {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        return try ProducerCore(
            configuration, logger: .init(label: "test"),
            environment: ProducerEnvironment(
                eventLoop: group.next(), transport: ScriptedTransport(configuration, fates),
                generator: SystemRandomNumberGenerator(), shutDown: { group.shutdownGracefully { _ in } }))
    }
}

private final class ScriptedLink: BrokerLink, @unchecked Sendable {
    private let link: any BrokerLink
    private let transport: ScriptedTransport
    private var unanswered: [Completion] = []

    init(_ link: any BrokerLink, _ transport: ScriptedTransport) {
        self.link = link
        self.transport = transport
    }

    var address: BrokerAddress { link.address }
    var versions: NegotiatedVersions { link.versions }
    var inFlightCount: Int { link.inFlightCount + unanswered.count }
    var onClose: ((KafkaError) -> Void)? {
        get { link.onClose }
        set { link.onClose = newValue }
    }

    func send(
        _ api: APIKey, version: Int16, body: WireWriter, payloads: [ByteBuffer], expectsAnswer: Bool,
        timeout: Duration, written: (() -> Void)?, completion: @escaping Completion
    ) {
        switch api == .produce ? transport.nextFate() : .sent {
        case .sent:
            link.send(
                api, version: version, body: body, payloads: payloads, expectsAnswer: expectsAnswer, timeout: timeout,
                written: written, completion: completion)
        case .broken:
            written?()
            unanswered.append(completion)
            close(KafkaError(.networkException, "broken"))
        case .silent:
            written?()
            unanswered.append(completion)
        }
    }

    func close(_ error: KafkaError) {
        link.close(error)
        let completions = unanswered
        unanswered = []
        for completion in completions { completion(.failure(error)) }
    }
}

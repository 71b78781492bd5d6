import KafkaWire
import NIOCore

@testable import KafkaProducer

/// Brokers without sockets, on one event loop. They answer at once what the script has an answer for; produce requests
/// wait for the test.
final class TimedNetwork: Transport, @unchecked Sendable {
    /// An attempt to connect.
    struct Attempt {
        var time: NIODeadline
        var setupTimeout: Duration
    }

    var script: ManualBroker.Script
    var coordinator = ScriptedCoordinator()
    /// Whether nobody can be reached.
    var isDown = false
    /// Why nobody lets the client in, if so.
    var refusal: KafkaError?
    private(set) var attempts: [Attempt] = []
    /// The topics of each question for metadata, and when it was asked.
    fileprivate(set) var questions: [(time: NIODeadline, topics: [String])] = []
    /// Produce requests that have not been taken, oldest first.
    var arrivals: [ProduceArrival] = []
    private(set) var links: [TimedLink] = []

    init(_ script: ManualBroker.Script) { self.script = script }

    func open(
        _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<any BrokerLink> {
        attempts.append(Attempt(time: eventLoop.now, setupTimeout: setupTimeout))
        if let refusal { return eventLoop.makeFailedFuture(refusal) }
        if isDown { return eventLoop.makeFailedFuture(KafkaError(.network, "\(address) is down")) }
        let link = TimedLink(to: address, network: self, eventLoop: eventLoop)
        links.append(link)
        return eventLoop.makeSucceededFuture(link)
    }

    fileprivate func serve(_ exchange: Exchange, _ body: [UInt8]) throws {
        if try coordinator.serve(exchange, body) { return }
        switch exchange.api {
        case .metadata:
            let names = try MetadataRequest.decode(body.span.bytes, version: exchange.version).topics ?? []
            if script.answersMetadata { exchange.reply(script.describe(names.compactMap(\.name), ports: [1])) }
        case .initProducerId: exchange.reply(script.identify())
        case .produce:
            let arrival = try ProduceArrival(body, exchange, node: 0, connection: links.count - 1)
            for batch in arrival.batches {
                coordinator.noteProduce(batch, version: arrival.version, transactionalId: arrival.transactionalId)
            }
            arrivals.append(arrival)
        default: exchange.close()
        }
    }

    fileprivate func asked(_ body: [UInt8], version: Int16, at time: NIODeadline) {
        let names = try? MetadataRequest.decode(body.span.bytes, version: version).topics
        questions.append((time, (names ?? []).compactMap(\.name)))
    }
}

/// A connection to a broker without a socket.
final class TimedLink: BrokerLink, @unchecked Sendable {
    let address: BrokerAddress
    let versions: NegotiatedVersions
    var onClose: ((KafkaError) -> Void)?
    private(set) var isClosed = false
    private let network: TimedNetwork
    private let eventLoop: any EventLoop
    private var waiting: [Int: Completion] = [:]
    private var nextNumber = 0

    init(to address: BrokerAddress, network: TimedNetwork, eventLoop: any EventLoop) {
        self.address = address
        self.network = network
        self.eventLoop = eventLoop
        let script = network.script
        versions = NegotiatedVersions(
            ApiVersionsResponse {
                $0.apiKeys = script.versions
                $0.finalizedFeaturesEpoch = script.featuresEpoch
                $0.finalizedFeatures = [
                    .init {
                        $0.name = "transaction.version"
                        $0.maxVersionLevel = script.transactionVersion
                    }
                ]
            })
    }

    var inFlightCount: Int { waiting.count }

    func send(
        _ api: APIKey, version: Int16, body: WireWriter, payloads: [ByteBuffer], expectsAnswer: Bool,
        timeout: Duration, written: (() -> Void)?, completion: @escaping Completion
    ) {
        written?()
        guard !isClosed else { return completion(.failure(KafkaError(.network, "\(address) is not connected"))) }
        var bytes: [UInt8] = []
        var position = 0
        for (gap, payload) in zip(body.gaps, payloads) {
            bytes += body.bytes[position..<gap.offset] + Array(payload.readableBytesView)
            position = gap.offset
        }
        bytes += body.bytes[position...]
        if api == .metadata { network.asked(bytes, version: version, at: eventLoop.now) }
        let number = nextNumber
        nextNumber += 1
        waiting[number] = completion
        let exchange = Exchange(
            api: api, version: version, answer: { self.answered(number, $0) },
            close: { self.close(KafkaError(.networkException, "closed by the test")) })
        do { try network.serve(exchange, bytes) } catch { exchange.close() }
    }

    private func answered(_ number: Int, _ body: [UInt8]) {
        eventLoop.execute {
            self.waiting.removeValue(forKey: number)?(.success(ByteBuffer(bytes: body)))
        }
    }

    func close(_ error: KafkaError) {
        guard !isClosed else { return }
        isClosed = true
        onClose?(error)
        onClose = nil
        let lost = waiting.sorted { $0.key < $1.key }
        waiting = [:]
        for (_, completion) in lost { completion(.failure(error)) }
    }
}

import KafkaWire
import NIOCore

/// A connection whose requests and answers are measured.
final class MeasuredLink: BrokerLink, @unchecked Sendable {
    private let link: any BrokerLink
    private let node: Int32
    private let sensors: ProducerSensors
    private let eventLoop: any EventLoop

    init(_ link: any BrokerLink, node: Int32, sensors: ProducerSensors, eventLoop: any EventLoop) {
        self.link = link
        self.node = node
        self.sensors = sensors
        self.eventLoop = eventLoop
        sensors.connected(to: node, at: eventLoop.now)
    }

    var address: BrokerAddress { link.address }
    var versions: NegotiatedVersions { link.versions }
    var inFlightCount: Int { link.inFlightCount }
    func close(_ error: KafkaError) { link.close(error) }

    var onClose: ((KafkaError) -> Void)? {
        get { link.onClose }
        set {
            link.onClose = { [sensors, eventLoop] error in
                sensors.disconnected(at: eventLoop.now)
                newValue?(error)
            }
        }
    }

    func send(
        _ api: APIKey, version: Int16, body: WireWriter, payloads: [ByteBuffer], expectsAnswer: Bool,
        timeout: Duration, written: (() -> Void)?, completion: @escaping Completion
    ) {
        let start = eventLoop.now
        let (request, response) = headerSizes(api, version)
        sensors.requested(request + body.totalCount, of: node, expectsAnswer: expectsAnswer, at: start)
        guard expectsAnswer else {
            return link.send(
                api, version: version, body: body, payloads: payloads, expectsAnswer: false, timeout: timeout,
                written: written, completion: completion)
        }
        link.send(
            api, version: version, body: body, payloads: payloads, expectsAnswer: true, timeout: timeout,
            written: written
        ) { [sensors, eventLoop, node] result in
            let now = eventLoop.now
            let size = try? result.get().readableBytes
            sensors.answered(
                size.map { response + $0 }, by: node, produceLatency: api == .produce ? now - start : nil, at: now)
            completion(result)
            // What the answer has set free.
            sensors.reportGauges(at: eventLoop.now)
        }
    }

    /// What stands before the bodies of a request and of its answer: the frame's length, and the header.
    private func headerSizes(_ api: APIKey, _ version: Int16) -> (request: Int, response: Int) {
        let length = 4
        let tags = api.isFlexible(version) ? 1 : 0
        return (length + 10 + sensors.clientId.utf8.count + tags, length + 4 + tags)
    }
}

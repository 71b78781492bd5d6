import KafkaWire
import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaProducer

@Suite struct MeasuredLinkTests {
    private let eventLoop = EmbeddedEventLoop()
    private let sensors = ProducerSensors(
        clientId: "shop", memory: MemoryBudget(total: 1000, chunkSize: 100), backend: nil)
    private let link = QuietLink()

    private func measured() -> MeasuredLink {
        MeasuredLink(link, node: 7, sensors: sensors, eventLoop: eventLoop)
    }

    private var metrics: ProducerMetrics { sensors.snapshot(at: eventLoop.now) }

    /// A frame is counted from its length to its end, whatever the header's version.
    @Test(arguments: [(APIKey.produce, Int16(3)), (.produce, 12), (.metadata, 4), (.metadata, 12)])
    func sizesAreThoseOfWholeFrames(api: APIKey, version: Int16) throws {
        let header = try RequestHeader {
            $0.requestApiKey = api.rawValue
            $0.requestApiVersion = version
            $0.clientId = "shop"
        }.encode()
        let answerHeader = api.isFlexible(version) ? 5 : 4
        var body = WireWriter()
        body.append([0, 0, 0, 0, 0, 0, 0, 0])
        let measured = measured()
        measured.send(
            api, version: version, body: body, payloads: [], expectsAnswer: true, timeout: .seconds(1), written: nil
        ) { _ in }
        #expect(metrics.node(7)["outgoing-byte-total"] == Double(4 + header.bytes.count + 8))
        #expect(metrics["requests-in-flight"] == 1)
        link.answer(.success(ByteBuffer(repeating: 0, count: 10)))
        #expect(metrics.node(7)["incoming-byte-total"] == Double(4 + answerHeader + 10))
        #expect(metrics["requests-in-flight"] == 0)
    }

    @Test func latencyIsOfProduceRequestsThatAreAnswered() {
        let measured = measured()
        func send(_ api: APIKey) {
            measured.send(
                api, version: 3, body: WireWriter(), payloads: [], expectsAnswer: true, timeout: .seconds(1),
                written: nil
            ) { _ in }
        }
        send(.metadata)
        eventLoop.advanceTime(by: .milliseconds(500))
        link.answer(.success(ByteBuffer()))
        #expect(metrics["request-latency-avg"] == nil)
        send(.produce)
        eventLoop.advanceTime(by: .milliseconds(20))
        link.answer(.success(ByteBuffer()))
        send(.produce)
        eventLoop.advanceTime(by: .milliseconds(40))
        link.answer(.success(ByteBuffer()))
        send(.produce)
        link.answer(.failure(KafkaError(.networkException, "")))
        #expect(metrics["request-latency-avg"] == 30)
        #expect(metrics.node(7)["request-latency-max"] == 40)
        #expect(metrics["request-total"] == 4)
        #expect(metrics["response-total"] == 3)
    }

    @Test func aRequestWithoutAnAnswerIsNotWaitedFor() {
        measured().send(
            .produce, version: 3, body: WireWriter(), payloads: [], expectsAnswer: false, timeout: .seconds(1),
            written: nil
        ) { _ in }
        link.answer(.success(ByteBuffer()))
        #expect(metrics["requests-in-flight"] == 0)
        #expect(metrics["request-total"] == 1)
        #expect(metrics["response-total"] == 0)
    }

    @Test func aConnectionIsCountedUntilItCloses() {
        let measured = measured()
        let closed = Log<KafkaError>()
        measured.onClose = { closed.append($0) }
        #expect(metrics["connection-count"] == 1)
        measured.close(KafkaError(.networkException, "gone"))
        #expect(closed.entries.count == 1)
        #expect(metrics["connection-count"] == 0)
        #expect(metrics["connection-creation-total"] == 1)
        #expect(metrics["connection-close-total"] == 1)
    }
}

/// Says nothing of its own accord.
private final class QuietLink: BrokerLink, @unchecked Sendable {
    let address = BrokerAddress(host: "test", port: 1)
    let versions = NegotiatedVersions()
    var inFlightCount: Int { completions.count }
    var onClose: ((KafkaError) -> Void)?
    private var completions: [Completion] = []

    func send(
        _ api: APIKey, version: Int16, body: WireWriter, payloads: [ByteBuffer], expectsAnswer: Bool,
        timeout: Duration, written: (() -> Void)?, completion: @escaping Completion
    ) {
        completions.append(completion)
    }

    func answer(_ result: Result<ByteBuffer, KafkaError>) { completions.removeFirst()(result) }

    func close(_ error: KafkaError) { onClose?(error) }
}

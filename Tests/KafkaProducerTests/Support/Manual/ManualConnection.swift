import KafkaWire
import NIOCore

@testable import KafkaProducer

/// One connection to a scripted broker.
final class ManualConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let broker: ManualBroker
    private let node: Int32
    private let number: Int
    private var frames = FrameReader()

    init(_ broker: ManualBroker, node: Int32, number: Int) {
        self.broker = broker
        self.node = node
        self.number = number
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        frames.append(unwrapInboundIn(data))
        do {
            while let frame = try frames.next() { try serve(frame, context.channel) }
        } catch {
            context.close(promise: nil)
        }
    }

    private func serve(_ frame: ByteBuffer, _ channel: any Channel) throws {
        let (header, size) = try frame.withUnsafeReadableBytes { try RequestHeader.decode(prefixOf: $0.bytes) }
        guard let api = APIKey(rawValue: header.requestApiKey) else { throw ChannelError.eof }
        let body = Array(frame.readableBytesView.dropFirst(size))
        let exchange = Exchange(
            api: api, version: header.requestApiVersion,
            answer: { body in Self.answer(header, api, body, channel) }, close: { channel.close(promise: nil) })
        broker.requests.append(
            ManualBroker.Request(node: node, connection: number, api: api, version: header.requestApiVersion))
        if try broker.coordinate(exchange, body) { return }
        switch api {
        case .apiVersions:
            try negotiate(exchange)
        case .metadata:
            let request = try MetadataRequest.decode(body.span.bytes, version: header.requestApiVersion)
            if let response = describe(request) { exchange.reply(response) }
        case .initProducerId:
            exchange.reply(broker.identify())
        case .produce:
            broker.received(try ProduceArrival(body, exchange, node: node, connection: number))
        default:
            throw ChannelError.eof
        }
    }

    private static func answer(_ header: RequestHeader, _ api: APIKey, _ body: [UInt8], _ channel: any Channel) {
        let answer = ResponseHeader { $0.correlationId = header.correlationId }
        guard let head = try? answer.encode(to: api, apiVersion: header.requestApiVersion) else {
            return channel.close(promise: nil)
        }
        var frame = ByteBuffer()
        frame.writeInteger(Int32(head.bytes.count + body.count))
        frame.writeBytes(head.bytes)
        frame.writeBytes(body)
        channel.writeAndFlush(frame, promise: nil)
    }

    private func negotiate(_ exchange: Exchange) throws {
        let script = broker.currentScript
        let isRefused = exchange.version > script.apiVersionsLimit
        let response = ApiVersionsResponse {
            $0.errorCode = isRefused ? .unsupportedVersion : .none
            $0.apiKeys = script.versions
        }
        if !isRefused { return exchange.reply(response) }
        let body = try response.encode(version: 0).bytes
        exchange.answer(script.refusesWithCodeAlone ? Array(body.prefix(2)) : body)
    }

    private func describe(_ request: MetadataRequest) -> MetadataResponse? {
        let names = (request.topics ?? []).compactMap(\.name)
        broker.asked(about: names)
        let script = broker.currentScript
        guard script.answersMetadata else { return nil }
        return script.describe(names, ports: broker.ports)
    }
}

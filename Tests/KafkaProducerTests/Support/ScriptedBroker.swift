import KafkaWire
import NIOCore
import NIOPosix
import Synchronization

@testable import KafkaProducer

/// A broker of one node and one partition on real TCP, whose answers a test writes.
final class ScriptedBroker: Sendable {
    struct Request: Sendable {
        var api: APIKey
        var version: Int16
        /// Counts from 0.
        var connection: Int
        var body: [UInt8] = []
    }

    enum Reply: Sendable {
        /// What a healthy broker says.
        case usual
        /// A body in the place of the usual one.
        case body([UInt8])
        /// Whatever that is.
        case bytes([UInt8])
        case close
        /// As usual, when the latch opens; what comes behind it waits, since a broker answers in order.
        case late(Latch)
    }

    private let channel: any Channel
    private let journal: Journal
    /// Opens when clients have closed as many connections as were announced.
    var departure: Latch { journal.departure }

    fileprivate final class Journal: Sendable {
        let requests = Log<Request>()
        let connectionCount = Atomic(0)
        let departure = Latch()
        private let departuresToCome: Atomic<Int>
        let reply: @Sendable (Request) -> Reply

        init(departures: Int, _ reply: @escaping @Sendable (Request) -> Reply) {
            departuresToCome = Atomic(departures)
            self.reply = reply
        }

        func departed() {
            if departuresToCome.subtract(1, ordering: .relaxed).newValue == 0 { departure.open() }
        }
    }

    /// - Parameters:
    ///   - departures: how many connections are closed before `departure` opens.
    ///   - reply: called for each request, on the broker's thread.
    init(departures: Int = 1, reply: @escaping @Sendable (Request) -> Reply = { _ in .usual }) throws {
        let journal = Journal(departures: departures, reply)
        self.journal = journal
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(journal))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
    }

    deinit { channel.close(promise: nil) }

    var port: Int { channel.localAddress?.port ?? 0 }
    var address: String { "127.0.0.1:\(port)" }
    var connectionCount: Int { journal.connectionCount.load(ordering: .relaxed) }
    /// The requests of an API that came, in order.
    func requests(_ api: APIKey) -> [Request] { journal.requests.entries.filter { $0.api == api } }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let journal: Journal
        private var frames = FrameReader()
        private var connection = 0
        private var isWaiting = false

        init(_ journal: Journal) { self.journal = journal }

        func channelActive(context: ChannelHandlerContext) {
            connection = journal.connectionCount.add(1, ordering: .relaxed).oldValue
        }

        func channelInactive(context: ChannelHandlerContext) { journal.departed() }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            frames.append(unwrapInboundIn(data))
            answerAll(context)
        }

        private func answerAll(_ context: ChannelHandlerContext) {
            do {
                while !isWaiting, let frame = try frames.next() { try answer(Array(frame.readableBytesView), context) }
            } catch {
                context.close(promise: nil)
            }
        }

        private func answer(_ frame: [UInt8], _ context: ChannelHandlerContext) throws {
            let (header, count) = try RequestHeader.decode(prefixOf: frame.span.bytes)
            guard let api = APIKey(rawValue: header.requestApiKey) else { return }
            let request = Request(
                api: api, version: header.requestApiVersion, connection: connection, body: Array(frame[count...]))
            journal.requests.append(request)
            let body: [UInt8]
            let reply = journal.reply(request)
            if case .late(let latch) = reply {
                isWaiting = true
                body = try usual(request, context)
                let eventLoop = context.eventLoop
                let bound = NIOLoopBound((self, context), eventLoop: eventLoop)
                return latch.whenOpen {
                    eventLoop.execute {
                        let (handler, context) = bound.value
                        handler.isWaiting = false
                        try? handler.write(body, header, api, context)
                        handler.answerAll(context)
                    }
                }
            }
            switch reply {
            case .usual: body = try usual(request, context)
            case .body(let bytes): body = bytes
            case .bytes(let bytes): return context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
            case .close: return context.close(promise: nil)
            case .late: return
            }
            try write(body, header, api, context)
        }

        private func write(
            _ body: [UInt8], _ header: RequestHeader, _ api: APIKey, _ context: ChannelHandlerContext
        ) throws {
            let answer = ResponseHeader { $0.correlationId = header.correlationId }
            let head = try answer.encode(to: api, apiVersion: header.requestApiVersion).bytes
            var buffer = ByteBuffer()
            buffer.writeInteger(Int32(head.count + body.count))
            buffer.writeBytes(head + body)
            context.writeAndFlush(NIOAny(buffer), promise: nil)
        }

        private func usual(_ request: Request, _ context: ChannelHandlerContext) throws -> [UInt8] {
            let body = request.body
            switch request.api {
            case .apiVersions:
                return try ScriptedBroker.versions().encode(version: request.version).bytes
            case .metadata:
                let asked = try MetadataRequest.decode(body.span.bytes, version: request.version)
                return try ScriptedBroker.metadata(
                    asked.topics?.compactMap(\.name) ?? [], port: context.localAddress?.port ?? 0
                ).encode(version: request.version).bytes
            case .produce:
                let asked = try ProduceRequest.decode(body.span.bytes, version: request.version)
                return try ScriptedBroker.stored(asked).encode(version: request.version).bytes
            default: return []
            }
        }
    }

    /// All versions of all requests, but for some.
    static func versions(_ others: [APIKey: ClosedRange<Int16>] = [:]) -> ApiVersionsResponse {
        ApiVersionsResponse {
            $0.apiKeys = APIKey.allCases.map { api in
                let versions = others[api] ?? api.versions
                return .init {
                    $0.apiKey = api.rawValue
                    $0.minVersion = versions.lowerBound
                    $0.maxVersion = versions.upperBound
                }
            }
        }
    }

    private static func metadata(_ topics: [String], port: Int) -> MetadataResponse {
        MetadataResponse {
            $0.brokers = [
                .init {
                    $0.nodeId = 1
                    $0.host = "127.0.0.1"
                    $0.port = Int32(port)
                }
            ]
            $0.topics = topics.map { name in
                .init {
                    $0.name = name
                    $0.topicId = KafkaUUID(high: 1, low: 1)
                    $0.partitions = [.init { $0.leaderId = 1 }]
                }
            }
        }
    }

    private static func stored(_ request: ProduceRequest) -> ProduceResponse {
        ProduceResponse {
            $0.responses = request.topicData.map { topic in
                .init {
                    $0.name = topic.name
                    $0.topicId = topic.topicId
                    $0.partitionResponses = topic.partitionData.map { partition in
                        .init { $0.index = partition.index }
                    }
                }
            }
        }
    }
}

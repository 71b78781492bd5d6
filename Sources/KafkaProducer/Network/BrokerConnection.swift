import DequeModule
import KafkaWire
import Logging
import NIOCore
import NIOPosix

/// A connection to one broker, with its requests in flight. Lives on one event loop.
final class BrokerConnection: BrokerLink, ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    let address: BrokerAddress
    private let clientId: String?
    private(set) var versions = NegotiatedVersions()
    /// Called once, before what is in flight is told: nobody is to send over a connection that is gone.
    var onClose: ((KafkaError) -> Void)?

    private var channel: (any Channel)?
    private var frames = FrameReader()
    private var state = ConnectionState<Completion>()
    private var watch: Scheduled<Void>?
    private var failure: KafkaError?

    private init(address: BrokerAddress, clientId: String) {
        self.address = address
        self.clientId = clientId
    }

    /// Connects, and asks which versions the broker speaks.
    static func open(
        _ address: BrokerAddress, configuration: ProducerConfiguration, setupTimeout: Duration,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<BrokerConnection> {
        let connection = BrokerConnection(address: address, clientId: configuration.clientId)
        var bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(setupTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 8192, maximum: 1 << 20)
            )
            // Batches wait in the producer's own memory: the socket takes what it is given.
            .channelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 8 << 20))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(connection) }
            }
        for (option, bytes) in [
            (ChannelOptions.Types.SocketOption(level: .socket, name: .so_sndbuf), configuration.sendBufferBytes),
            (ChannelOptions.Types.SocketOption(level: .socket, name: .so_rcvbuf), configuration.receiveBufferBytes),
        ] where bytes >= 0 {
            bootstrap = bootstrap.channelOption(option, value: .init(bytes))
        }
        return bootstrap.connect(host: address.host, port: address.port)
            .flatMapErrorThrowing { error in
                throw KafkaError(.network, "cannot connect to \(address): \(Self.describe(error))")
            }
            .flatMap { channel in
                let promise = channel.eventLoop.makePromise(of: BrokerConnection.self)
                // While nobody listens on a port of this machine, the system may pick that port for our own end, and
                // connect it to itself; the broker could then not come back to it.
                guard channel.localAddress != channel.remoteAddress else {
                    connection.giveUp(KafkaError(.network, "cannot connect to \(address): nobody listens"), promise)
                    return promise.futureResult
                }
                connection.negotiate(
                    ApiVersionsRequest.api.versions.upperBound, timeout: setupTimeout, promise: promise)
                return promise.futureResult
            }
    }

    private func negotiate(_ version: Int16, timeout: Duration, promise: EventLoopPromise<BrokerConnection>) {
        var request = ApiVersionsRequest()
        request.clientSoftwareName = "kafka-lua"
        request.clientSoftwareVersion = Self.softwareVersion
        call(request, version: version, timeout: timeout) { [self] result in
            switch result {
            case .success(let response) where response.errorCode == .none:
                versions = NegotiatedVersions(response)
                // Requests have a time-out of their own, which may be shorter.
                watch?.cancel()
                watch = nil
                promise.succeed(self)
            case .success(let response):
                guard response.errorCode == .unsupportedVersion, let lower = NegotiatedVersions.fallback(from: version)
                else { return giveUp(KafkaError(response.errorCode, "broker \(address)"), promise) }
                negotiate(lower, timeout: timeout, promise: promise)
            case .failure(let error):
                giveUp(error, promise)
            }
        }
    }

    private func giveUp(_ error: KafkaError, _ promise: EventLoopPromise<BrokerConnection>) {
        close(error)
        promise.fail(error)
    }

    /// What ApiVersions says of this client (KIP-511).
    static let softwareVersion = "0.1.0"

    // MARK: - Requests

    var inFlightCount: Int { state.pending.count }

    func send(
        _ api: APIKey, version: Int16, body: WireWriter, payloads: [ByteBuffer], expectsAnswer: Bool,
        timeout: Duration, written: (() -> Void)?, completion: @escaping Completion
    ) {
        guard failure == nil, let channel, channel.isActive else {
            written?()
            return completion(.failure(failure ?? KafkaError(.network, "\(address) is not connected")))
        }
        let deadline = channel.eventLoop.now + TimeAmount(timeout)
        let id =
            expectsAnswer
            ? state.sent(api, version: version, deadline: deadline, context: completion) : state.takeCorrelationId()
        var promise: EventLoopPromise<Void>?
        if written != nil || !expectsAnswer {
            let writing = channel.eventLoop.makePromise(of: Void.self)
            writing.futureResult.assumeIsolated().whenComplete { [self] result in
                written?()
                if !expectsAnswer { completion(result.map { ByteBuffer() }.mapError(networkError)) }
            }
            promise = writing
        }
        write(head: frameHead(api, version, id, body), body: body, payloads: payloads, to: channel, promise: promise)
        if watch == nil { watchDeadlines() }
    }

    /// The frame's length and the request's header.
    private func frameHead(_ api: APIKey, _ version: Int16, _ id: Int32, _ body: WireWriter) -> [UInt8] {
        let header = RequestHeader {
            $0.requestApiKey = api.rawValue
            $0.requestApiVersion = version
            $0.correlationId = id
            $0.clientId = clientId
        }
        // Cannot fail: a client id is checked to be short when it is configured.
        return (try? header.encode().bytes) ?? []
    }

    /// Writes a frame as a gather list: the body's bytes up to a gap, what belongs there, the bytes after it.
    private func write(
        head: [UInt8], body: WireWriter, payloads: [ByteBuffer], to channel: any Channel,
        promise: EventLoopPromise<Void>?
    ) {
        var buffer = channel.allocator.buffer(capacity: 4 + head.count + body.bytes.count)
        buffer.writeInteger(Int32(truncatingIfNeeded: head.count + body.totalCount))
        buffer.writeBytes(head)
        var position = 0
        for (gap, payload) in zip(body.gaps, payloads) {
            buffer.writeBytes(body.bytes[position..<gap.offset])
            channel.write(buffer.readSlice(length: buffer.readableBytes), promise: nil)
            channel.write(payload, promise: nil)
            position = gap.offset
        }
        buffer.writeBytes(body.bytes[position...])
        channel.writeAndFlush(buffer, promise: promise)
    }

    /// Looks now and then for requests whose answer is overdue: one timer a connection, not one a request.
    private func watchDeadlines() {
        guard let channel, let next = state.nextDeadline else { return }
        watch = channel.eventLoop.assumeIsolated().scheduleTask(deadline: next) { [weak self] in
            guard let self else { return }
            watch = nil
            if let overdue = state.overdue(at: channel.eventLoop.now) {
                close(KafkaError(.requestTimedOut, "broker \(address) did not answer \(overdue.api) in time"))
            } else {
                watchDeadlines()
            }
        }
    }

    private func networkError(_ error: any Error) -> KafkaError {
        failure ?? KafkaError(.networkException, "broker \(address), \(Self.describe(error))")
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case let error as IOError: "\(String(cString: strerror(error.errnoCode)))"
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { describe($0.error) } ?? "the host '\(error.host)' does not resolve"
        case ChannelError.connectTimeout(let limit): "no connection within \(limit.nanoseconds / 1_000_000) ms"
        default: "\(error)"
        }
    }

    /// Closes the connection; whatever is in flight fails with `error`.
    func close(_ error: KafkaError) {
        guard failure == nil else { return }
        failure = error
        watch?.cancel()
        channel?.close(promise: nil)
        onClose?(error)
        onClose = nil
        for pending in state.abandon() { pending.context(.failure(error)) }
    }

    // MARK: - ChannelInboundHandler

    func handlerAdded(context: ChannelHandlerContext) {
        channel = context.channel
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        frames.append(unwrapInboundIn(data))
        do throws(KafkaError) {
            while failure == nil, let frame = try frames.next() { try deliver(frame) }
        } catch {
            close(KafkaError(error.kind, "\(address): \(error.message)"))
        }
    }

    private func deliver(_ frame: consuming ByteBuffer) throws(KafkaError) {
        guard let id = frame.getInteger(at: frame.readerIndex, as: Int32.self) else { return }
        let pending = try state.answered(id)
        do throws(WireError) {
            let size = try frame.withUnsafeReadableBytes { bytes throws(WireError) in
                try ResponseHeader.decode(
                    prefixOf: RawSpan(_unsafeBytes: bytes), to: pending.api, apiVersion: pending.version
                ).count
            }
            frame.moveReaderIndex(forwardBy: size)
            pending.context(.success(frame))
        } catch {
            let failure = KafkaError(.malformed, "answer to \(pending.api): \(error)")
            pending.context(.failure(failure))
            throw failure
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        close(KafkaError(.networkException, "broker \(address) closed the connection"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(networkError(error))
    }
}

import DequeModule
import KafkaWire
import Logging
import NIOCore
import NIOPosix
import NIOTLS

/// A connection to one broker, with its requests in flight. Lives on one event loop.
final class BrokerConnection: BrokerLink, ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let address: BrokerAddress
    private let clientId: String?
    private(set) var versions = NegotiatedVersions()
    private(set) var throttledUntil = NIODeadline.distantPast
    /// Called once, before what is in flight is told: nobody is to send over a connection that is gone.
    var onClose: ((KafkaError) -> Void)?

    private var channel: (any Channel)?
    /// Whose clock and thread it is; nil before it is connected.
    private(set) var eventLoop: (any EventLoop)?
    /// Where writes begin: nothing lies between this handler and the end of the pipeline.
    private var context: ChannelHandlerContext?
    private var frames = FrameReader()
    private var state = ConnectionState<Completion>()
    private var watch: Scheduled<Void>?
    /// nil: the connection is kept however long it is unused.
    private let maximumIdle: TimeAmount?
    private var idleWatch: Scheduled<Void>?
    private var failure: KafkaError?
    /// Whether requests may go: versions are known, and the client has logged in.
    private var isNegotiated = false
    private let isEncrypted: Bool
    /// Goes on where the connection has to be encrypted first.
    private var whenEncrypted: (() -> Void)?
    /// Whether it has answered to anything since it was negotiated.
    private var isServed = false
    /// nil where no login is needed.
    let login: ConnectionLogin?

    private init(
        address: BrokerAddress, configuration: ProducerConfiguration, isEncrypted: Bool, login: ConnectionLogin?
    ) {
        self.address = address
        self.isEncrypted = isEncrypted
        self.login = login
        clientId = configuration.clientId
        let maximumIdle = configuration.connectionsMaxIdle
        self.maximumIdle = maximumIdle < .never ? TimeAmount(maximumIdle) : nil
    }

    /// Connects, encrypts the connection if that is wanted, asks which versions the broker speaks, and logs in if that is
    /// wanted.
    static func open(
        _ address: BrokerAddress, at socketAddress: SocketAddress, configuration: ProducerConfiguration,
        security: ConnectionSecurity = .none, setupTimeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<BrokerConnection> {
        let connection = BrokerConnection(
            address: address, configuration: configuration, isEncrypted: security.tls != nil,
            login: security.login.map { ConnectionLogin($0, to: address, timeout: setupTimeout) })
        var bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(setupTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 8192, maximum: 1 << 20)
            )
            // Batches wait in the producer's own memory: the socket takes what it is given.
            .channelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 8 << 20))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try security.tls?.secure(channel, to: address, within: TimeAmount(setupTimeout))
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
        for (option, bytes) in [
            (ChannelOptions.Types.SocketOption(level: .socket, name: .so_sndbuf), configuration.sendBufferBytes),
            (ChannelOptions.Types.SocketOption(level: .socket, name: .so_rcvbuf), configuration.receiveBufferBytes),
        ] where bytes >= 0 {
            bootstrap = bootstrap.channelOption(option, value: .init(bytes))
        }
        let name = Self.name(address, socketAddress)
        return bootstrap.connect(to: socketAddress)
            .flatMapErrorThrowing { error in
                throw KafkaError(.network, "cannot connect to \(name): \(Self.describe(error))")
            }
            .flatMap { channel in
                let promise = channel.eventLoop.makePromise(of: BrokerConnection.self)
                // While nobody listens on a port of this machine, the system may pick that port for our own end, and
                // connect it to itself; the broker could then not come back to it.
                guard channel.localAddress != channel.remoteAddress else {
                    connection.giveUp(KafkaError(.network, "cannot connect to \(name): nobody listens"), promise)
                    return promise.futureResult
                }
                connection.encrypted(orFail: promise) { connection in
                    connection.negotiate(
                        ApiVersionsRequest.api.versions.upperBound, timeout: setupTimeout, promise: promise)
                }
                return promise.futureResult
            }
    }

    /// The broker's name, and where its address is another, that.
    private static func name(_ address: BrokerAddress, _ socketAddress: SocketAddress) -> String {
        guard let ip = socketAddress.ipAddress, ip != address.host else { return "\(address)" }
        return "\(address) (\(ip))"
    }

    /// Goes on when the handshake is over, at once where there is none.
    private func encrypted(
        orFail promise: EventLoopPromise<BrokerConnection>, then goOn: @escaping (BrokerConnection) -> Void
    ) {
        if let failure { return promise.fail(failure) }
        guard isEncrypted else { return goOn(self) }
        onClose = { promise.fail($0) }
        whenEncrypted = { [unowned self] in
            onClose = nil
            goOn(self)
        }
    }

    private func negotiate(_ version: Int16, timeout: Duration, promise: EventLoopPromise<BrokerConnection>) {
        let request = ApiVersionsRequest {
            $0.clientSoftwareName = "kafka-lua"
            $0.clientSoftwareVersion = SoftwareVersion.current
        }
        // Cannot fail: both fields are short.
        guard let body = try? request.encode(version: version) else { return }
        send(
            .apiVersions, version: version, body: body, payloads: [], expectsAnswer: true, timeout: timeout,
            written: nil
        ) { [self] result in
            do throws(KafkaError) {
                try negotiated(result.get(), version: version, timeout: timeout, promise: promise)
            } catch {
                giveUp(error, promise)
            }
        }
    }

    private func negotiated(
        _ answer: ByteBuffer, version: Int16, timeout: Duration, promise: EventLoopPromise<BrokerConnection>
    ) throws(KafkaError) {
        let outcome: VersionNegotiation
        do throws(WireError) {
            outcome = try VersionNegotiation.outcome(of: answer, version: version)
        } catch {
            throw KafkaError(.malformed, "broker \(address), answer to apiVersions: \(error)")
        }
        switch outcome {
        case .agreed(let versions, let throttleTimeMs):
            self.versions = versions
            if let now = channel?.eventLoop.now {
                throttledUntil = ThrottleRule.end(of: throttleTimeMs, .apiVersions, version: version, at: now)
            }
            logIn(within: timeout) { [self] result in
                isNegotiated = true
                promise.completeWith(result.map { self }.mapError { $0 })
            }
        case .askAgain(let lower): negotiate(lower, timeout: timeout, promise: promise)
        case .refused(let code): throw KafkaError(code, "broker \(address)")
        }
    }

    private func giveUp(_ error: KafkaError, _ promise: EventLoopPromise<BrokerConnection>) {
        close(error)
        promise.fail(error)
    }

    // MARK: - Requests

    var inFlightCount: Int { state.pending.count + (login?.held.count ?? 0) }

    func send(
        _ api: APIKey, version: Int16, body: WireWriter, payloads: [ByteBuffer], expectsAnswer: Bool,
        timeout: Duration, written: (() -> Void)?, completion: @escaping Completion
    ) {
        guard failure == nil, let channel, channel.isActive else {
            written?()
            return completion(.failure(failure ?? KafkaError(.network, "\(address) is not connected")))
        }
        let now = channel.eventLoop.now
        let request = OutgoingRequest(
            api: api, version: version, body: body, payloads: payloads, expectsAnswer: expectsAnswer,
            deadline: now + TimeAmount(timeout), written: written, completion: completion)
        if let login, holdsBack(request, for: login, at: now) { return }
        send(request, over: channel)
    }

    private func send(_ request: OutgoingRequest, over channel: any Channel) {
        state.used(at: channel.eventLoop.now)
        let id =
            request.expectsAnswer
            ? state.sent(
                request.api, version: request.version, deadline: request.deadline, context: request.completion)
            : state.takeCorrelationId()
        let frame = OutgoingFrame(
            head: header(request.api, request.version, id), body: request.body, payloads: request.payloads,
            allocator: channel.allocator)
        if request.expectsAnswer, frame.parts.isEmpty {
            // Nothing refers to the payloads: nobody has to know when the bytes are written.
            write(frame, promise: nil)
            request.written?()
        } else {
            write(frame, promise: whenWritten(request, over: channel))
        }
        if watch == nil { watchDeadlines() }
    }

    /// Tells that nothing refers to the payloads any more, and ends a request that gets no answer.
    private func whenWritten(_ request: OutgoingRequest, over channel: any Channel) -> EventLoopPromise<Void> {
        let (written, completion) = (request.written, request.expectsAnswer ? nil : request.completion)
        if completion != nil { state.beganWriting() }
        let promise = channel.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] result in
            written?()
            guard let completion else { return }
            state.endedWriting()
            watchIdleness()
            completion(result.map { ByteBuffer() }.mapError(networkError))
        }
        return promise
    }

    /// Sends what has waited for a login. Requests have time-outs of their own, which may be shorter than the login's.
    func sendHeld() {
        watch?.cancel()
        watch = nil
        guard let channel else { return }
        while failure == nil, let request = login?.held.popFirst() { send(request, over: channel) }
        watchIdleness()
    }

    var isOpen: Bool { failure == nil }

    private func header(_ api: APIKey, _ version: Int16, _ id: Int32) -> [UInt8] {
        let header = RequestHeader {
            $0.requestApiKey = api.rawValue
            $0.requestApiVersion = version
            $0.correlationId = id
            $0.clientId = clientId
        }
        // Cannot fail: a client id is checked to be short when it is configured.
        return (try? header.encode().bytes) ?? []
    }

    private func write(_ frame: consuming OutgoingFrame, promise: EventLoopPromise<Void>?) {
        guard let context else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        for part in frame.parts { context.write(wrapOutboundOut(part), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(frame.rest), promise: promise)
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

    /// Looks now and then whether the connection is used at all: one timer for all its life, while nothing is under way.
    private func watchIdleness() {
        guard failure == nil, idleWatch == nil, let maximumIdle, let channel, login?.state.isUnderWay != true,
            let deadline = state.idleDeadline(maximum: maximumIdle)
        else { return }
        idleWatch = channel.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            guard let self else { return }
            idleWatch = nil
            let isUnused = state.idleDeadline(maximum: maximumIdle).map { $0 <= channel.eventLoop.now } ?? false
            let isIdle = isUnused && login?.state.isUnderWay != true
            // Where something is under way, its end comes back here.
            if isIdle { close(.idleConnection) } else { watchIdleness() }
        }
    }

    private func networkError(_ error: any Error) -> KafkaError {
        // What failed before this connection could speak is told in Kafka's terms already.
        if let failure = failure ?? error as? KafkaError { return failure }
        return lost(Self.describe(error), separator: ", ")
    }

    /// The error of a connection that went away.
    private func lost(_ reason: String, separator: String) -> KafkaError {
        login?.lost("it " + reason)
            ?? KafkaError(.networkException, "broker \(address)\(separator)\(reason)\(hint)")
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case let error as IOError: "\(String(cString: strerror(error.errnoCode)))"
        case ChannelError.connectTimeout(let limit): "no connection within \(limit.nanoseconds / 1_000_000) ms"
        default: "\(error)"
        }
    }

    /// Closes the connection; whatever is in flight fails with `error`.
    func close(_ error: KafkaError) {
        guard failure == nil else { return }
        failure = error
        watch?.cancel()
        idleWatch?.cancel()
        channel?.close(promise: nil)
        onClose?(error)
        onClose = nil
        for pending in state.abandon() { pending.context(.failure(error)) }
        login?.abandon(error)
    }

    /// What may be wrong with a peer that says nothing, or what it speaks and no more.
    private var hint: String {
        if isNegotiated {
            return isServed || login != nil
                ? "" : " before it answered a request: it may want a login (security.protocol, sasl.mechanism)"
        }
        return isEncrypted
            ? " before it said anything: it may want a certificate (ssl.keystore.location) or a login (security.protocol)"
            : " before it said anything: it may want TLS or a login (security.protocol), or not be a Kafka broker"
    }

    // MARK: - ChannelInboundHandler

    func handlerAdded(context: ChannelHandlerContext) {
        channel = context.channel
        eventLoop = context.eventLoop
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
            whenEncrypted?()
            whenEncrypted = nil
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        frames.append(unwrapInboundIn(data))
        do throws(KafkaError) {
            let limit = isNegotiated ? FrameReader.maximumSize : FrameReader.strangerMaximumSize
            while failure == nil, let frame = try frames.next(atMost: limit) { try deliver(frame) }
            if let now = eventLoop?.now { state.used(at: now) }
            if isNegotiated, idleWatch == nil { watchIdleness() }
        } catch {
            close(KafkaError(error.kind, "\(address): \(error.message)"))
        }
    }

    private func deliver(_ frame: consuming ByteBuffer) throws(KafkaError) {
        guard let id = frame.getInteger(at: frame.readerIndex, as: Int32.self) else { return }
        let pending = try state.answered(id)
        isServed = isNegotiated
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
        close(lost("closed the connection", separator: " "))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(networkError(error))
    }
}

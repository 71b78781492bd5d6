import Logging
import NIOCore
import Synchronization

/// Serves one connection: its requests one after the other, each answered before the next is looked at, as Kafka does.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let requests: RequestHandler
    private let logger: Logger
    private var frames = FrameReader()
    private var client: Authentication
    private var waiting: WaitingFetch?
    /// Whether an answer is held back on purpose.
    private var isDelaying = false
    private var isReadHeld = false
    private var isClosing = false

    /// Told to connections when the broker answers again.
    struct SilenceEnded {}

    init(_ requests: RequestHandler, _ client: Authentication) {
        self.requests = requests
        self.client = client
        self.logger = requests.configuration.logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        frames.append(unwrapInboundIn(data))
        process(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        resume(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is SilenceEnded { resume(context) } else { context.fireUserInboundEventTriggered(event) }
    }

    /// Whether the next request has to wait.
    private var isHeld: Bool {
        waiting != nil || isDelaying || requests.cluster.isSilent.load(ordering: .relaxed)
    }

    /// Reads no more while requests wait: who sends faster than he reads the answers is slowed down.
    func read(context: ChannelHandlerContext) {
        if isHeld || frames.hasBacklog {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    private func resume(_ context: ChannelHandlerContext) {
        process(context)
        context.flush()
        if isReadHeld, !isHeld, !frames.hasBacklog {
            isReadHeld = false
            context.read()
        }
    }

    private func process(_ context: ChannelHandlerContext) {
        do {
            while !isHeld, !isClosing, context.channel.isWritable, let frame = try nextFrame() {
                switch try requests.handle(frame, from: &client) {
                case .response(let response): write(response, context)
                case .last(let response):
                    write(response, context)
                    close(context)
                case .nothing: break
                case .close: close(context)
                case .delayed(let response, let time): delay(response, time, context)
                case .later(let fetch): try wait(for: fetch, context)
                }
            }
        } catch {
            close(context, because: error)
        }
    }

    private func nextFrame() throws(ConnectionFault) -> ByteBuffer? {
        frames.maxSize = client.allowsLargeRequests ? FrameReader.maxRequestSize : Authentication.maxSizeBefore
        return try frames.next()
    }

    private func write(_ response: Response, _ context: ChannelHandlerContext) {
        for part in response.parts() { context.write(wrapOutboundOut(part), promise: nil) }
    }

    private func delay(_ response: Response, _ time: TimeAmount, _ context: ChannelHandlerContext) {
        isDelaying = true
        let bound = NIOLoopBound((handler: self, context: context, response: response), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: time) {
            let (handler, context, response) = bound.value
            handler.isDelaying = false
            guard !handler.isClosing else { return }
            handler.write(response, context)
            handler.resume(context)
        }
    }

    private func wait(for fetch: PendingFetch, _ context: ChannelHandlerContext) throws(ConnectionFault) {
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        let waiting = WaitingFetch(fetch)
        self.waiting = waiting
        waiting.begin(
            wake: { eventLoop.execute { bound.value.handler.retry(bound.value.context, isFinal: false) } },
            timeout: eventLoop.scheduleTask(in: fetch.maxWait) {
                bound.value.handler.retry(bound.value.context, isFinal: true)
            })
        // Something may have been appended before the partitions knew of the waiter.
        if let response = try fetch.attempt(isFinal: false) {
            endWaiting()
            write(response, context)
        }
    }

    private func retry(_ context: ChannelHandlerContext, isFinal: Bool) {
        guard let waiting else { return }
        do {
            guard let response = try waiting.fetch.attempt(isFinal: isFinal) else { return }
            endWaiting()
            write(response, context)
            resume(context)
        } catch {
            close(context, because: error)
        }
    }

    private func endWaiting() {
        waiting?.end()
        waiting = nil
    }

    private func close(_ context: ChannelHandlerContext, because fault: ConnectionFault) {
        logger.warning("closing the connection of \(address(context)): \(fault)")
        close(context)
    }

    private func close(_ context: ChannelHandlerContext) {
        isClosing = true
        endWaiting()
        context.flush()
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isClosing, frames.hasUnread {
            logger.warning("\(address(context)) closed the connection in the middle of a request")
        }
        isClosing = true
        endWaiting()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let fault = TLSFault(error) {
            logger.warning("closing the connection of \(address(context)): \(fault)")
        } else {
            logger.debug("the connection of \(address(context)) failed: \(error)")
        }
        isClosing = true
        context.close(promise: nil)
    }

    private func address(_ context: ChannelHandlerContext) -> String {
        context.remoteAddress.map { "\($0)" } ?? "a client"
    }
}

/// A fetch that has been told to its partitions, and to the clock.
private final class WaitingFetch {
    let fetch: PendingFetch
    private var waiters: [(partition: Partition, waiter: Partition.Waiter)] = []
    private var timeout: Scheduled<Void>?

    init(_ fetch: PendingFetch) {
        self.fetch = fetch
    }

    func begin(wake: @escaping @Sendable () -> Void, timeout: Scheduled<Void>) {
        self.timeout = timeout
        waiters = fetch.partitions.map { ($0, $0.addWaiter(wake)) }
    }

    func end() {
        timeout?.cancel()
        for (partition, waiter) in waiters { partition.removeWaiter(waiter) }
        waiters = []
    }
}

import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind the handler of TLS: bounds the handshake, looks at the certificate's names, and says in Kafka's terms
/// what went wrong.
final class TLSHandshake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let client: TLSClient
    private let broker: BrokerAddress
    private let timeout: TimeAmount
    private var limit: Scheduled<Void>?
    private var isOver = false

    init(client: TLSClient, broker: BrokerAddress, timeout: TimeAmount) {
        self.client = client
        self.broker = broker
        self.timeout = timeout
    }

    func channelActive(context: ChannelHandlerContext) {
        limit = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { [self] in
            fail(.tooSlow(timeout), context)
        }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? TLSUserEvent, case .handshakeCompleted = event else {
            return context.fireUserInboundEventTriggered(event)
        }
        let certificate = certificate(context)
        if client.settings.verifiesHostname, let certificate,
            !CertificateNames(of: certificate).mayBelong(to: broker.host)
        {
            return fail(.misnamed(certificate), context)
        }
        end()
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // That the connection was closed without a farewell is said by its end.
        if case NIOSSLError.uncleanShutdown = error { return }
        guard let failure = TLSFailure(error, certificate: certificate(context), isHandshakeOver: isOver) else {
            return context.fireErrorCaught(error)
        }
        fail(failure, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func fail(_ failure: TLSFailure, _ context: ChannelHandlerContext) {
        end()
        context.fireErrorCaught(failure.error(broker: broker, client: client))
    }

    private func end() {
        isOver = true
        limit?.cancel()
    }

    private func certificate(_ context: ChannelHandlerContext) -> NIOSSLCertificate? {
        try? context.pipeline.syncOperations.nioSSL_peerCertificate()
    }
}

import NIOCore
import NIOPosix

/// Something that listens but is no broker.
final class Peer: Sendable {
    private let channel: any Channel

    /// - Parameter greeting: what is sent to whoever says something; nil says nothing.
    init(greeting: String?) throws {
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Talker(greeting: greeting))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
    }

    var address: String { "127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    func close() throws { try channel.close().wait() }

    private final class Talker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let greeting: String?

        init(greeting: String?) { self.greeting = greeting }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard let greeting else { return }
            context.writeAndFlush(NIOAny(ByteBuffer(string: greeting)), promise: nil)
        }
    }
}

import NIOCore
import NIOPosix

/// The sockets that a broker's nodes listen on.
enum Listeners {
    /// Opens one for each node and tells the cluster where they are; connections are taken once all are known.
    /// - Throws: `DevBrokerError` if an address cannot be had. Those that were opened go with the group.
    static func open(_ cluster: Cluster, on group: any EventLoopGroup) throws(DevBrokerError) {
        let configuration = cluster.configuration
        var channels: [any Channel] = []
        var addresses: [DevBroker.Address] = []
        for index in 0..<configuration.nodes {
            let node = Int32(index + 1)
            let port = configuration.port == 0 ? 0 : configuration.port + index
            do {
                let channel = try bootstrap(RequestHandler(cluster: cluster, node: node), group)
                    .bind(host: configuration.host, port: port).wait()
                channels.append(channel)
                let actualPort = channel.localAddress?.port ?? port
                addresses.append(DevBroker.Address(nodeId: node, host: configuration.host, port: actualPort))
            } catch {
                throw DevBrokerError("cannot listen on \(configuration.host):\(port): \(error)")
            }
        }
        cluster.nodes = addresses
        do {
            for channel in channels { try channel.setOption(.autoRead, value: true).wait() }
        } catch {
            throw DevBrokerError("cannot take connections: \(error)")
        }
    }

    private static func bootstrap(_ requests: RequestHandler, _ group: any EventLoopGroup) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65536, maximum: 1 << 20)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(requests))
                }
            }
    }
}

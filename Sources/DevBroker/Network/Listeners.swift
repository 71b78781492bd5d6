import KafkaWire
import NIOCore
import NIOPosix
import Synchronization

/// The sockets that a broker's nodes listen on, and the connections that came by them. Safe on any thread.
final class Listeners: Sendable {
    private let coordinator: TransactionCoordinator
    private var cluster: Cluster { coordinator.cluster }
    private let group: any EventLoopGroup
    private let tls: TLSListener?
    private let sasl: SASLRules?
    private let state = Mutex(State())

    private struct State {
        var listening: [Int32: any Channel] = [:]
        var connections: [Int32: [ObjectIdentifier: any Channel]] = [:]
    }

    /// Opens one for each node and tells the cluster where they are; connections are taken once all are known.
    /// - Throws: `DevBrokerError` if an address cannot be had, or a certificate. Those that were opened go with the group.
    init(_ coordinator: TransactionCoordinator, on group: any EventLoopGroup) throws(DevBrokerError) {
        self.coordinator = coordinator
        self.group = group
        let configuration = coordinator.cluster.configuration
        tls = if let tls = configuration.tls { try TLSListener(tls) } else { nil }
        sasl = if let sasl = configuration.sasl { try SASLRules(sasl) } else { nil }
        var channels: [any Channel] = []
        var addresses: [DevBroker.Address] = []
        for index in 0..<configuration.nodes {
            let port = configuration.port == 0 ? 0 : configuration.port + index
            var address = DevBroker.Address(nodeId: Int32(index + 1), host: configuration.host, port: port)
            let channel = try bind(address)
            channels.append(channel)
            address.port = channel.localAddress?.port ?? port
            addresses.append(address)
        }
        cluster.nodes = addresses
        for (address, channel) in zip(addresses, channels) { try open(channel, of: address.nodeId) }
    }

    private func bind(_ address: DevBroker.Address) throws(DevBrokerError) -> any Channel {
        do {
            return try bootstrap(address.nodeId).bind(host: address.host, port: address.port).wait()
        } catch {
            throw DevBrokerError("cannot listen on \(address): \(error)")
        }
    }

    /// Takes connections.
    private func open(_ channel: any Channel, of node: Int32) throws(DevBrokerError) {
        state.withLock { $0.listening[node] = channel }
        do {
            try channel.setOption(.autoRead, value: true).wait()
        } catch {
            throw DevBrokerError("cannot take connections: \(error)")
        }
    }

    /// Stops to listen, and closes the node's connections.
    func close(_ node: Int32) throws(DevBrokerError) {
        do {
            try state.withLock { $0.listening.removeValue(forKey: node) }?.close().wait()
        } catch {
            throw DevBrokerError("cannot stop node \(node): \(error)")
        }
        closeConnections(ofNode: node)
    }

    /// Listens again where the node did before.
    func reopen(_ node: Int32) throws(DevBrokerError) {
        guard let address = cluster.nodes.first(where: { $0.nodeId == node }),
            state.withLock({ $0.listening[node] == nil })
        else { throw DevBrokerError("node \(node) was not stopped") }
        try open(try bind(address), of: node)
    }

    func closeConnections(ofNode node: Int32?) {
        for channel in connections(ofNode: node) { channel.close(promise: nil) }
    }

    /// Lets those go on that stopped because the broker was silent.
    func resumeConnections() {
        for channel in connections(ofNode: nil) {
            channel.pipeline.fireUserInboundEventTriggered(ConnectionHandler.SilenceEnded())
        }
    }

    private func connections(ofNode node: Int32?) -> [any Channel] {
        state.withLock { state in
            node.map { Array(state.connections[$0, default: [:]].values) } ?? state.connections.values.flatMap(\.values)
        }
    }

    private func register(_ channel: any Channel, of node: Int32) {
        let id = ObjectIdentifier(channel)
        state.withLock { $0.connections[node, default: [:]][id] = channel }
        channel.closeFuture.whenComplete { [weak self] _ in
            self?.state.withLock { _ = $0.connections[node]?.removeValue(forKey: id) }
        }
    }

    private func bootstrap(_ node: Int32) -> ServerBootstrap {
        let requests = RequestHandler(coordinator: coordinator, node: node)
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65536, maximum: 1 << 20)
            )
            .childChannelInitializer { [weak self, tls, sasl] channel in
                self?.register(channel, of: node)
                return channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(tls.handler()) }
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(requests, Authentication(sasl)))
                }
            }
    }
}

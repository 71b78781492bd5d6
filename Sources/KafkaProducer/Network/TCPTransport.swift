package import NIOCore
import Synchronization

/// Brokers over TCP. Their names are resolved, and the addresses tried in turn, one at each attempt.
package final class TCPTransport: Transport {
    private let configuration: ProducerConfiguration
    private let tls: TLSClient?
    private let resolver: any HostResolver
    private let state = Mutex(State())

    private struct State {
        var rotations: [BrokerAddress: AddressRotation] = [:]
        /// Not over yet, though whoever asked may have given up: a name is not asked for twice at a time.
        var lookUps: [BrokerAddress: EventLoopFuture<[SocketAddress]>] = [:]
    }

    /// Reads the files of `ssl.*`, if there are any, which blocks.
    /// - Throws: `KafkaError` of kind `configuration`, which names the key.
    package init(
        configuration: ProducerConfiguration, resolver: any HostResolver = SystemHostResolver()
    ) throws(KafkaError) {
        self.configuration = configuration
        tls = try TLSClient.ifWanted(configuration.security)
        self.resolver = resolver
    }

    package func open(
        _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<any BrokerLink> {
        connect(address, setupTimeout: setupTimeout, on: eventLoop).map { $0 }
    }

    /// Tries the addresses of a broker in turn, until one answers or all have failed.
    func openAny(
        _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<BrokerConnection> {
        connect(address, setupTimeout: setupTimeout, on: eventLoop).flatMapError { error in
            guard self.hasUntriedAddress(of: address) else { return eventLoop.makeFailedFuture(error) }
            return self.openAny(address, setupTimeout: setupTimeout, on: eventLoop)
        }
    }

    private func connect(
        _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<BrokerConnection> {
        nextAddress(of: address, within: setupTimeout, on: eventLoop).flatMap { [configuration, tls] socketAddress in
            BrokerConnection.open(
                address, at: socketAddress, configuration: configuration, tls: tls, setupTimeout: setupTimeout,
                on: eventLoop)
        }.map { connection in
            self.state.withLock { $0.rotations[address]?.connected() }
            return connection
        }
    }

    private func nextAddress(
        of address: BrokerAddress, within timeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<SocketAddress> {
        if let next = state.withLock({ $0.rotations[address]?.next() }) {
            return eventLoop.makeSucceededFuture(next)
        }
        let found = Self.limit(lookUp(address, on: eventLoop), to: timeout, host: address.host)
        return found.flatMapThrowing { addresses in
            try self.state.withLock { state in
                state.rotations[address, default: AddressRotation()].resolved(addresses)
                guard let next = state.rotations[address]?.next() else {
                    throw KafkaError(.network, "the host '\(address.host)' has no address")
                }
                return next
            }
        }
    }

    private func lookUp(_ address: BrokerAddress, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        if let underWay = state.withLock({ $0.lookUps[address] }) { return underWay.hop(to: eventLoop) }
        let addresses = resolver.addresses(of: address.host, port: address.port, on: eventLoop)
        state.withLock { $0.lookUps[address] = addresses }
        addresses.whenComplete { _ in self.state.withLock { $0.lookUps[address] = nil } }
        return addresses
    }

    /// A resolver may need longer than anybody is ready to wait.
    private static func limit<Value: Sendable>(
        _ future: EventLoopFuture<Value>, to timeout: Duration, host: String
    ) -> EventLoopFuture<Value> {
        let promise = future.eventLoop.makePromise(of: Value.self)
        let limit = future.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            promise.fail(
                KafkaError(.network, "the host '\(host)' was not resolved within \(timeout.milliseconds) ms"))
        }
        future.whenComplete { result in
            limit.cancel()
            promise.completeWith(result)
        }
        return promise.futureResult
    }

    package func hasUntriedAddress(of address: BrokerAddress) -> Bool {
        state.withLock { $0.rotations[address]?.hasUntried ?? false }
    }

    package func forget(_ address: BrokerAddress) {
        state.withLock { $0.rotations[address] = nil }
    }

    package func canonical(
        _ servers: [BrokerAddress], on eventLoop: any EventLoop
    ) -> EventLoopFuture<[BrokerAddress]> {
        let lookUps = servers.map { server in
            Self.limit(
                resolver.canonicalNames(of: server.host, on: eventLoop), to: configuration.connectionSetupTimeout,
                host: server.host
            )
            .map { names in names.map { BrokerAddress(host: $0, port: server.port) } }
            // Whoever connects to it learns, and says, what is wrong.
            .recover { _ in [server] }
        }
        return EventLoopFuture.whenAllSucceed(lookUps, on: eventLoop).map { found in
            found.joined().reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
    }
}

package import NIOCore

/// How brokers are reached: over TCP, or by whatever a simulation puts in its place.
package protocol Transport: Sendable {
    /// Connects, and learns which versions the broker speaks, all within `setupTimeout`.
    func open(
        _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<any BrokerLink>
}

struct TCPTransport: Transport {
    let configuration: ProducerConfiguration

    func open(
        _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<any BrokerLink> {
        BrokerConnection.open(address, configuration: configuration, setupTimeout: setupTimeout, on: eventLoop)
            .map { $0 }
    }
}

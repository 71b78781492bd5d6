package import NIOCore

/// How brokers are reached: over TCP, or by whatever a simulation puts in its place.
package protocol Transport: Sendable {
    /// Connects to one address of a broker, and learns which versions it speaks, each within `setupTimeout`. The next
    /// call takes the next address, where the broker's name has several.
    func open(
        _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<any BrokerLink>

    /// Whether a call of `open` would take an address that has not been tried yet, so that no pause is needed.
    func hasUntriedAddress(of address: BrokerAddress) -> Bool

    /// The broker is not part of the cluster any more.
    func forget(_ address: BrokerAddress)

    /// The servers by the canonical names of all their addresses (KIP-235); those that have none stay as they are.
    func canonical(_ servers: [BrokerAddress], on eventLoop: any EventLoop) -> EventLoopFuture<[BrokerAddress]>
}

extension Transport {
    package func hasUntriedAddress(of address: BrokerAddress) -> Bool { false }

    package func forget(_ address: BrokerAddress) {}

    package func canonical(
        _ servers: [BrokerAddress], on eventLoop: any EventLoop
    ) -> EventLoopFuture<[BrokerAddress]> {
        eventLoop.makeSucceededFuture(servers)
    }
}

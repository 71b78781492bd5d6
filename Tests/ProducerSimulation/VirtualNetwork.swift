package import KafkaProducer
package import NIOCore
import TestSupport

/// Connections to a cluster that exists only in memory, on one event loop.
package final class VirtualNetwork: Transport, @unchecked Sendable {
    let cluster: VirtualCluster
    /// What brokers say to those who connect.
    var versions: NegotiatedVersions
    /// Per mille of the requests.
    private let stalls: Int
    var chance: SeededGenerator
    private var links: [VirtualLink] = []

    init(_ cluster: VirtualCluster, stalls: Int, versions: NegotiatedVersions, chance: SeededGenerator) {
        self.cluster = cluster
        self.stalls = stalls
        self.versions = versions
        self.chance = chance
    }

    package func open(
        _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
    ) -> EventLoopFuture<any BrokerLink> {
        let promise = eventLoop.makePromise(of: (any BrokerLink).self)
        eventLoop.assumeIsolated().scheduleTask(in: latency()) { [self] in
            guard let node = cluster.node(at: address), !cluster.isDown(node) else {
                return promise.fail(KafkaError(.network, "\(address) is down"))
            }
            let link = VirtualLink(to: node, at: address, network: self, eventLoop: eventLoop)
            links.append(link)
            promise.succeed(link)
        }
        return promise.futureResult
    }

    func latency() -> TimeAmount { .microseconds(Int64.random(in: 100...5000, using: &chance)) }

    /// How long a socket takes nothing, now and then.
    func stall() -> TimeAmount {
        guard !cluster.isHealthy, Int.random(in: 0..<1000, using: &chance) < stalls else { return .zero }
        return .milliseconds(Int64.random(in: 0...1500, using: &chance))
    }

    /// A broker goes away: what is connected to it loses its connection.
    func disconnect(_ node: Int32) {
        for link in links where link.node == node { link.lose() }
        links.removeAll { $0.isClosed }
    }
}

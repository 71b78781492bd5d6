import DequeModule
import NIOCore

/// A broker as the sender sees it: how it is reached, and which partitions have something for it.
final class Node {
    enum Link {
        case idle
        case connecting
        case ready(any BrokerLink)
        /// The last attempt failed.
        case pausing(until: NIODeadline)
    }

    /// Negative for an address of `bootstrap.servers` whose id is not known yet.
    let id: Int32
    let address: BrokerAddress
    var link = Link.idle
    /// Attempts that failed since the last success, those at several addresses of one name counted once.
    var failures = 0
    /// Attempts that failed since the last success, each address counted.
    var failedSetups = 0
    var latestAttempt = NIODeadline.distantPast
    /// Partitions with batches to send, each once.
    var line: Deque<PartitionQueue> = []
    /// Produce requests that have not been answered.
    var produceInFlight = 0
    /// The broker asked to be left alone until then (KIP-219).
    var throttledUntil = NIODeadline.distantPast
    /// Whether it takes what waits for it.
    var availability = NodeAvailability()

    init(id: Int32, address: BrokerAddress) {
        self.id = id
        self.address = address
    }

    /// Whether this is an address of `bootstrap.servers`.
    var isBootstrap: Bool { id < 0 }

    var connection: (any BrokerLink)? {
        if case .ready(let connection) = link { connection } else { nil }
    }

    var isConnecting: Bool {
        if case .connecting = link { true } else { false }
    }

    func canConnect(at now: NIODeadline) -> Bool {
        switch link {
        case .idle: true
        case .pausing(let instant): instant <= now
        case .connecting, .ready: false
        }
    }

    /// The node to connect to when any will do: one of the cluster before one of `bootstrap.servers`, and of these the
    /// one that was tried the longest ago.
    static func toConnect(
        among nodes: some Sequence<Node>, at now: NIODeadline, using generator: inout some RandomNumberGenerator
    ) -> Node? {
        // Shuffled, so that not all producers begin with the same broker.
        nodes.filter { $0.canConnect(at: now) }.shuffled(using: &generator).min {
            ($0.isBootstrap ? 1 : 0, $0.latestAttempt) < ($1.isBootstrap ? 1 : 0, $1.latestAttempt)
        }
    }
}

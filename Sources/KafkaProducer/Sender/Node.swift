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
    var address: BrokerAddress
    var link = Link.idle
    /// Attempts that failed since the last success.
    var failures = 0
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

    var connection: (any BrokerLink)? {
        if case .ready(let connection) = link { connection } else { nil }
    }
}

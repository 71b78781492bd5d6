import DequeModule
import NIOCore

/// The addresses of one host, tried in turn (KIP-302, the node states of Java's ClusterConnectionStates). Pure.
///
/// Each attempt takes one address. When none is left, or a connection has stood and is gone, the name is resolved
/// again, since what it stands for may have changed.
struct AddressRotation {
    private var untried: Deque<SocketAddress> = []
    private var latest: SocketAddress?

    /// Whether there is an address that has not been tried since the name was resolved.
    var hasUntried: Bool { !untried.isEmpty }

    /// The address to try now; nil if the name has to be resolved before.
    mutating func next() -> SocketAddress? {
        guard let address = untried.popFirst() else { return nil }
        latest = address
        return address
    }

    /// Takes what the name stands for, in the order of the resolver, but for two things: families take turns, so that
    /// one without a route costs a single attempt; and the address that was tried last is not the first, if there are
    /// others, because it may be the one that does not work.
    mutating func resolved(_ addresses: [SocketAddress]) {
        untried = Deque(Self.takingTurns(addresses))
        if untried.count > 1, untried.first == latest { untried.append(untried.removeFirst()) }
    }

    /// A connection stands: what is left is not needed, and may be out of date when it is.
    mutating func connected() { untried = [] }

    private static func takingTurns(_ addresses: [SocketAddress]) -> [SocketAddress] {
        guard let first = addresses.first else { return [] }
        let preferred = addresses.filter { $0.protocol == first.protocol }
        let others = addresses.filter { $0.protocol != first.protocol }
        return (0..<max(preferred.count, others.count)).flatMap { index in
            [preferred, others].compactMap { $0.indices.contains(index) ? $0[index] : nil }
        }
    }
}

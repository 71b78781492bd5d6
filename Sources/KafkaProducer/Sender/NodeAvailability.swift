import NIOCore

/// Since when a node has not taken what waits for it. Pure: no socket, no clock (KIP-794; the latency statistics of
/// Java's RecordAccumulator).
struct NodeAvailability {
    private var waitingSince: NIODeadline?

    /// Something waits for the node, which is not connected, is throttled, or has yet to answer.
    mutating func waits(at now: NIODeadline) {
        if waitingSince == nil { waitingSince = now }
    }

    /// The node takes what waits for it, or nothing does any more: then it deserves another try.
    mutating func clear() { waitingSince = nil }

    /// Whether partitions that the node leads are to be left out.
    /// - Parameter timeout: `partitioner.availability.timeout.ms`; 0 for never.
    func isLost(at now: NIODeadline, after timeout: TimeAmount) -> Bool {
        guard timeout > .zero, let waitingSince else { return false }
        return now - waitingSince > timeout
    }
}

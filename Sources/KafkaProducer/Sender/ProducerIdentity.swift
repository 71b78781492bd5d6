/// Who a broker knows an idempotent producer by (KIP-98).
package struct ProducerIdentity: Sendable, Hashable {
    package var id: Int64
    package var epoch: Int16

    package init(id: Int64, epoch: Int16) {
        self.id = id
        self.epoch = epoch
    }

    /// The next epoch (KIP-360); nil when they are used up and a new id is needed.
    var bumped: ProducerIdentity? { epoch < .max ? ProducerIdentity(id: id, epoch: epoch + 1) : nil }
}

/// Sequences of records: 31 bits that wrap to 0.
enum Sequence32 {
    static func advance(_ sequence: Int32, by count: Int32) -> Int32 {
        Int32(truncatingIfNeeded: (Int64(sequence) + Int64(count)) & Int64(Int32.max))
    }

    /// Whether `first` comes before `second`, which lies within half the range after it.
    static func precedes(_ first: Int32, _ second: Int32) -> Bool {
        let distance = (Int64(second) - Int64(first)) & Int64(Int32.max)
        return distance != 0 && distance < Int64(Int32.max) / 2
    }
}

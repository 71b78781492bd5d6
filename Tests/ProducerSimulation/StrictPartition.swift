package import KafkaProducer
package import KafkaWire

/// A partition of a broker that takes an idempotent producer's batches as Kafka does (ProducerAppendInfo): a batch that
/// repeats one of the last five is not stored again, and any other must follow on the last one.
package struct StrictPartition {
    private struct Stored {
        var base: Int32
        var count: Int32
        var offset: Int64
    }

    private struct ProducerState {
        var epoch: Int16
        var latest: [Stored]
    }

    /// What is stored, record by record.
    package private(set) var log: [UInt64] = []
    /// Batches that were recognised as repeated.
    package private(set) var duplicates = 0
    /// How often a producer came with a new epoch.
    package private(set) var epochs = 0
    private var producers: [Int64: ProducerState] = [:]

    package init() {}

    /// Stores a batch, or says why not; the offset is that of its first record.
    package mutating func append(
        _ records: [UInt64], identity: ProducerIdentity?, base: Int32
    ) -> (code: ErrorCode, offset: Int64) {
        guard let identity else { return (.none, store(records)) }
        let count = Int32(records.count)
        // A producer that is not known may begin anywhere.
        var state = producers[identity.id] ?? ProducerState(epoch: identity.epoch, latest: [])
        if identity.epoch < state.epoch { return (.invalidProducerEpoch, -1) }
        if identity.epoch > state.epoch {
            guard base == 0 else { return (.outOfOrderSequenceNumber, -1) }
            state = ProducerState(epoch: identity.epoch, latest: [])
            epochs += 1
        } else if let last = state.latest.last {
            if let same = state.latest.first(where: { $0.base == base && $0.count == count }) {
                duplicates += 1
                return (.none, same.offset)
            }
            let next = Int32(truncatingIfNeeded: (Int64(last.base) + Int64(last.count)) & Int64(Int32.max))
            guard base == next else { return (.outOfOrderSequenceNumber, -1) }
        }
        let offset = store(records)
        state.latest = state.latest.suffix(4) + [Stored(base: base, count: count, offset: offset)]
        producers[identity.id] = state
        return (.none, offset)
    }

    private mutating func store(_ records: [UInt64]) -> Int64 {
        defer { log += records }
        return Int64(log.count)
    }
}

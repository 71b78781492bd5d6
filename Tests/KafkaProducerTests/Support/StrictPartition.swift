import KafkaWire

@testable import KafkaProducer

/// A partition of a broker that takes an idempotent producer's batches as Kafka does, and remembers their names.
struct StrictPartition {
    private struct Stored: Equatable {
        var base: Int32
        var count: Int32
    }

    private(set) var log: [Int] = []
    private var identity: ProducerIdentity?
    private var latest: [Stored] = []

    mutating func append(_ name: Int, identity claimed: ProducerIdentity, base: Int32, count: Int32) -> ErrorCode {
        let batch = Stored(base: base, count: count)
        if let identity, let last = latest.last {
            if claimed.epoch < identity.epoch { return .invalidProducerEpoch }
            if claimed.epoch == identity.epoch {
                if latest.contains(batch) { return .none }
                guard base == Sequence32.advance(last.base, by: last.count) else { return .outOfOrderSequenceNumber }
            } else if base != 0 {
                return .outOfOrderSequenceNumber
            } else {
                latest = []
            }
        }
        // A producer that is not known may begin anywhere.
        identity = claimed
        latest = latest.suffix(4) + [batch]
        log.append(name)
        return .none
    }
}

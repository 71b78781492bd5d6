import KafkaWire

/// What a partition remembers of its idempotent producers (KIP-98; Java's `ProducerStateManager`): the epoch and the
/// last five batches of each, so that a repeated batch is recognised and a missing one noticed.
struct ProducerStates {
    /// What is to be done with a batch.
    enum Verdict: Equatable {
        case append
        /// The batch was appended before, at this offset.
        case duplicate(baseOffset: Int64)
        case refuse(Refusal)
    }

    /// A batch that was appended.
    private struct Appended {
        var sequences: SequenceRange
        var baseOffset: Int64
    }

    private struct Producer {
        var epoch: Int16
        /// The latest batches of this epoch, oldest first.
        var batches: [Appended]
        /// Where its latest batch or marker is.
        var lastOffset: Int64
    }

    /// How many batches of a producer are remembered: as many as it may have in flight.
    static let batchesRemembered = 5
    /// How many producers are remembered; when there are more, the half that was silent for longest is forgotten.
    private let limit: Int
    private var producers: [Int64: Producer] = [:]

    init(limit: Int = 10_000) {
        self.limit = limit
    }

    /// Judges a batch that claims to be the producer's next.
    /// - Parameter beginsAnew: Whether a producer that this partition does not know has to begin with sequence 0.
    func check(producerId: Int64, epoch: Int16, sequences: SequenceRange, beginsAnew: Bool = false) -> Verdict {
        guard let producer = producers[producerId] else {
            // A producer that this partition has not met, or has forgotten, may begin anywhere (KIP-360).
            return beginsAnew ? Self.begin(producerId, epoch, sequences) : .append
        }
        if epoch < producer.epoch {
            return .refuse(
                Refusal(
                    .invalidProducerEpoch,
                    "producer \(producerId) has epoch \(producer.epoch), the batch is of epoch \(epoch)"))
        }
        guard let last = producer.batches.last, epoch == producer.epoch else {
            return Self.begin(producerId, epoch, sequences)
        }
        if let known = producer.batches.first(where: { $0.sequences == sequences }) {
            return .duplicate(baseOffset: known.baseOffset)
        }
        if sequences.first == last.sequences.next { return .append }
        // Also what lies before the batches that are remembered: nobody can say any more whether it is the same.
        return .refuse(
            Refusal(
                .outOfOrderSequenceNumber,
                "sequences \(sequences) of producer \(producerId) do not follow \(last.sequences)"))
    }

    private static func begin(_ producerId: Int64, _ epoch: Int16, _ sequences: SequenceRange) -> Verdict {
        guard sequences.first != 0 else { return .append }
        return .refuse(
            Refusal(
                .outOfOrderSequenceNumber,
                "epoch \(epoch) of producer \(producerId) begins with sequence \(sequences.first), not 0"))
    }

    /// Remembers a batch that was appended.
    mutating func appended(producerId: Int64, epoch: Int16, sequences: SequenceRange, baseOffset: Int64) {
        let batch = Appended(sequences: sequences, baseOffset: baseOffset)
        if var producer = producers.removeValue(forKey: producerId), producer.epoch == epoch {
            if producer.batches.count == Self.batchesRemembered { producer.batches.removeFirst() }
            producer.batches.append(batch)
            producer.lastOffset = baseOffset
            producers[producerId] = producer
        } else {
            remember(Producer(epoch: epoch, batches: [batch], lastOffset: baseOffset), producerId)
        }
    }

    /// Remembers the end of a transaction: under a new epoch, the producers of older ones are fenced off.
    mutating func ended(producerId: Int64, epoch: Int16, offset: Int64) {
        if producers[producerId]?.epoch == epoch {
            producers[producerId]?.lastOffset = offset
        } else {
            producers.removeValue(forKey: producerId)
            remember(Producer(epoch: epoch, batches: [], lastOffset: offset), producerId)
        }
    }

    private mutating func remember(_ producer: Producer, _ id: Int64) {
        if producers.count >= limit { forgetOlderHalf() }
        producers[id] = producer
    }

    private mutating func forgetOlderHalf() {
        let lastOffsets = producers.values.map(\.lastOffset).sorted()
        let median = lastOffsets[lastOffsets.count / 2]
        producers = producers.filter { $0.value.lastOffset >= median }
    }
}

import KafkaWire
import Synchronization

/// What became of a batch: all that the futures of its records hold on to (Java's ProduceRequestResult).
package final class BatchResult: Sendable {
    /// What a record needs for its metadata once its bytes are gone.
    struct RecordSizes: Sendable {
        var timestamp: Int64
        var keySize: Int32
        var valueSize: Int32

        init(_ record: RecordBatchWriter.WrittenRecord) {
            timestamp = record.timestamp
            keySize = record.keySize
            valueSize = record.valueSize
        }
    }

    /// A batch in which some of the records went on, after theirs was too large for the broker.
    struct Piece: Sendable {
        /// The place of its first record in the batch that was split.
        var first: Int32
        var result: BatchResult
    }

    enum Outcome: Sendable {
        case pending
        /// `logAppendTime` is the broker's time, or nil where the record's own counts.
        case stored(baseOffset: Int64, logAppendTime: Int64?, records: [RecordSizes])
        /// `exceptions` has the records that the broker named with an error of their own (KIP-467).
        case failed(KafkaError, exceptions: [Int32: KafkaError])
        /// What became of the records is to be asked of the pieces, by order of place.
        case split([Piece])
    }

    let topic: String
    let partition: Int32
    /// Opens when the outcome is known and the callbacks have run.
    let latch = Latch()
    private struct State {
        var outcome: Outcome
        var generations = RecordGenerations()
    }

    private let state: Mutex<State>

    init(topic: String, partition: Int32, outcome: Outcome = .pending) {
        self.topic = topic
        self.partition = partition
        state = Mutex(State(outcome: outcome))
    }

    /// A result that is known from the start: the record never reached a batch.
    static func failed(_ error: KafkaError, topic: String, partition: Int32, generation: Int = -1) -> BatchResult {
        let result = BatchResult(topic: topic, partition: partition)
        var generations = RecordGenerations()
        generations.append(generation, for: 0)
        _ = result.settle(.failed(error, exceptions: [:]), generations: generations)
        result.latch.open()
        return result
    }

    /// States the outcome; the first one counts. Returns whether it was this one.
    func settle(_ value: Outcome, generations: RecordGenerations = RecordGenerations()) -> Bool {
        state.withLock { state in
            guard case .pending = state.outcome else { return false }
            state.outcome = value
            state.generations = generations
            return true
        }
    }

    /// The record's metadata, and its error if it failed. To be asked once the latch is open.
    func outcome(of index: Int32) -> (RecordMetadata, KafkaError?) {
        let state = state.withLock { $0 }
        switch state.outcome {
        case .stored(let baseOffset, let logAppendTime, let records):
            let sizes = records[Int(index)]
            return (
                metadata(
                    index, baseOffset: baseOffset, logAppendTime: logAppendTime, sizes: sizes,
                    generation: state.generations[index]), nil
            )
        case .failed(let error, let exceptions):
            return (failedMetadata(index), exceptions[index] ?? error)
        case .split(let pieces):
            guard let piece = pieces.last(where: { $0.first <= index }) else { fallthrough }
            return piece.result.outcome(of: index - piece.first)
        case .pending:
            return (failedMetadata(index), KafkaError(.illegalState, "the record is still under way"))
        }
    }

    func result(of index: Int32) -> Result<RecordMetadata, KafkaError> {
        let (metadata, error) = outcome(of: index)
        return error.map { .failure($0) } ?? .success(metadata)
    }

    func failedMetadata(_ index: Int32) -> RecordMetadata {
        let generation = state.withLock { $0.generations[index] }
        return RecordMetadata(topic: topic, partition: partition, generation: generation)
    }

    private func metadata(
        _ index: Int32, baseOffset: Int64, logAppendTime: Int64?, sizes: RecordSizes, generation: Int
    ) -> RecordMetadata {
        var metadata = RecordMetadata(topic: topic, partition: partition, generation: generation)
        metadata.succeed(index, baseOffset: baseOffset, logAppendTime: logAppendTime, sizes: sizes)
        return metadata
    }
}

extension RecordMetadata {
    /// Says where a record of a stored batch is.
    @inline(__always)
    mutating func succeed(_ index: Int32, baseOffset: Int64, logAppendTime: Int64?, sizes: BatchResult.RecordSizes) {
        offset = baseOffset < 0 ? -1 : baseOffset + Int64(index)
        timestamp = logAppendTime ?? sizes.timestamp
        serializedKeySize = sizes.keySize
        serializedValueSize = sizes.valueSize
    }
}

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

    /// Memory that is asked for each record, and not counted for that.
    typealias Sizes = UnsafeMutablePointer<RecordSizes>

    enum Outcome: @unchecked Sendable {
        case pending
        /// `logAppendTime` is the broker's time, or nil where the record's own counts. The sizes, of all records or of
        /// none, are the result's from then on.
        case stored(baseOffset: Int64, logAppendTime: Int64?, sizes: Sizes?)
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
        var outcome = Outcome.pending
        var generations = RecordGenerations()
    }

    /// Written by whoever takes the phase from pending, and no more after that: read without a lock.
    private nonisolated(unsafe) let state: UnsafeMutablePointer<State>
    private let phase = Atomic(Phase.pending)

    private enum Phase: UInt8, AtomicRepresentable {
        case pending, settling, settled
    }

    init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
        state = .allocate(capacity: 1)
        state.initialize(to: State())
    }

    deinit {
        if case .stored(_, _, let sizes?) = state.pointee.outcome { sizes.deallocate() }
        state.deinitialize(count: 1)
        state.deallocate()
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
        guard phase.compareExchange(expected: .pending, desired: .settling, ordering: .acquiring).exchanged else {
            if case .stored(_, _, let sizes?) = value { sizes.deallocate() }
            return false
        }
        state.pointee = State(outcome: value, generations: generations)
        phase.store(.settled, ordering: .releasing)
        return true
    }

    private var isSettled: Bool { phase.load(ordering: .acquiring) == .settled }

    /// The record's metadata, and its error if it failed. To be asked once the latch is open.
    func outcome(of index: Int32) -> (RecordMetadata, KafkaError?) {
        guard isSettled else {
            return (failedMetadata(index), KafkaError(.illegalState, "the record is still under way"))
        }
        switch state.pointee.outcome {
        case .stored(let baseOffset, let logAppendTime, let sizes):
            var metadata = failedMetadata(index)
            metadata.succeed(index, baseOffset: baseOffset, logAppendTime: logAppendTime, sizes: sizes)
            return (metadata, nil)
        case .failed(let error, let exceptions):
            return (failedMetadata(index), exceptions[index] ?? error)
        case .split(let pieces):
            if let piece = pieces.last(where: { $0.first <= index }) {
                return piece.result.outcome(of: index - piece.first)
            }
        case .pending: break
        }
        return (failedMetadata(index), KafkaError(.illegalState, "the record has no batch"))
    }

    func result(of index: Int32) -> Result<RecordMetadata, KafkaError> {
        let (metadata, error) = outcome(of: index)
        return error.map { .failure($0) } ?? .success(metadata)
    }

    func failedMetadata(_ index: Int32) -> RecordMetadata {
        let generation = isSettled ? state.pointee.generations[index] : -1
        return RecordMetadata(topic: topic, partition: partition, generation: generation)
    }
}

extension RecordMetadata {
    /// Says where a record of a stored batch is.
    fileprivate mutating func succeed(
        _ index: Int32, baseOffset: Int64, logAppendTime: Int64?, sizes: BatchResult.Sizes?
    ) {
        guard let sizes else { return }
        succeed(index, baseOffset: baseOffset, logAppendTime: logAppendTime, sizes: sizes[Int(index)])
    }

    @inline(__always)
    mutating func succeed(_ index: Int32, baseOffset: Int64, logAppendTime: Int64?, sizes: BatchResult.RecordSizes) {
        offset = baseOffset < 0 ? -1 : baseOffset + Int64(index)
        timestamp = logAppendTime ?? sizes.timestamp
        serializedKeySize = sizes.keySize
        serializedValueSize = sizes.valueSize
    }
}

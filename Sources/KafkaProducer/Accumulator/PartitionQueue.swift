import DequeModule
import KafkaWire
import NIOCore
import Synchronization

/// The batches of one partition that have not been drained: one that takes records, and those that are full.
///
/// Callers append under its lock; the sender takes batches out from the front.
final class PartitionQueue: Sendable {
    /// In order of use: what each record touches comes first, next to the lock, in as few cache lines as it can.
    private struct State: ~Copyable {
        var isClosed = false
        /// Whether the sender has been told that there is something here.
        var isAnnounced = false
        var open: OpenBatch?
        /// Bytes since the sticky partitioner chose this partition; `notSticky` while it is at another.
        var stickyBytes = notSticky
        /// Records in batches that were sealed.
        var sealedCount = 0
        var full: Deque<Batch> = []
    }

    /// Above any number of bytes, so that `appendToOpen` needs no second comparison.
    private static let notSticky = Int.max / 2

    enum AppendResult {
        case appended(DeliveryFuture, AppendEffects)
        /// No room: come back with a chunk. Batches that were filled may have to be announced.
        case needsChunk(AppendEffects)
        /// The sticky partitioner is at another partition now: ask it again.
        case moved(AppendEffects)
        case closed
    }

    /// What the caller has to do after an append, once the lock is free.
    struct AppendEffects: OptionSet {
        let rawValue: UInt8
        /// Tell the sender that there is something here.
        static let announce = AppendEffects(rawValue: 1)
    }

    private let state = Mutex(State())
    unowned let topic: Topic
    let partition: Int32
    /// The sender's view; touched on its event loop only.
    nonisolated(unsafe) var dispatch = PartitionDispatch<Batch>()

    /// As messages name it.
    var name: String { "\(topic.name)-\(partition)" }

    init(topic: Topic, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    /// Appends a record to the open batch, or else to a new one in `chunk`, which is nil afterwards if it was used.
    /// - Parameter sticky: when to leave this partition, if the sticky partitioner chose it.
    func append(
        _ record: RecordBytes, generation: Int = -1, callback: DeliveryCallback?, chunk: inout Chunk?,
        sticky rule: StickyRule?, now: @autoclosure () -> NIODeadline
    ) -> AppendResult {
        state.withLock { state in
            if state.isClosed { return .closed }
            if let rule, isLeft(&state, rule) { return .moved([]) }
            var effects: AppendEffects = []
            var appended = state.open?.append(record, callback, generation: generation)
            var headerSize = 0
            if appended == nil {
                // A batch that has no room for a record is full, and may be what the sticky partitioner waited for.
                if Self.sealOpen(&state, self) {
                    if Self.announce(&state) { effects.insert(.announce) }
                    if let rule, isLeft(&state, rule) { return .moved(effects) }
                }
                guard let memory = chunk.take() else { return .needsChunk(effects) }
                // A new batch has to be watched for its linger.
                if Self.announce(&state) { effects.insert(.announce) }
                var open = OpenBatch(
                    chunk: memory, topic: topic.name, partition: partition, createdAt: now())
                headerSize = open.writer.position
                appended = open.append(record, callback, generation: generation)
                state.open = consume open
            }
            if generation >= 0 { state.open?.count(generation, in: topic.generations) }
            if state.open?.isFull == true {
                _ = Self.sealOpen(&state, self)
                if Self.announce(&state) { effects.insert(.announce) }
            }
            // Never nil: the chunk was measured for this record.
            let (future, size, _) = appended.unsafelyUnwrapped
            if let rule {
                state.stickyBytes += headerSize + size
                leaveIfDone(&state, rule)
            }
            return .appended(future, effects)
        }
    }

    /// Appends a record to the open batch; nil, and nothing done, if there is none with room, or if the record would
    /// bring the bytes of the sticky partitioner to `stickyLimit`.
    /// - Parameter slot: learns where the next record will lie.
    func appendToOpen(
        _ record: RecordBytes, generation: Int, callback: DeliveryCallback?, stickyLimit: Int,
        slot: borrowing PartitionSlots.Slot
    ) -> DeliveryFuture? {
        state.withLock { state in
            let isSticky = stickyLimit != .max
            if state.isClosed || isSticky && state.stickyBytes + record.upperBound >= stickyLimit { return nil }
            guard let (future, size, next) = state.open?.append(record, callback, generation: generation) else {
                return nil
            }
            if generation >= 0, state.open?.isCounted(generation) == false {
                state.open?.count(generation, in: topic.generations)
            }
            if isSticky { state.stickyBytes += size }
            slot.noteNextRecord(next)
            return future
        }
    }

    /// Whether the sticky partitioner is at another partition: others made it go on since it was asked, or it goes now
    /// that the batch is full for which it stayed (partitionChanged in Java's RecordAccumulator).
    private func isLeft(_ state: inout State, _ rule: StickyRule) -> Bool {
        guard topic.sticky.current == partition else { return true }
        if state.stickyBytes == Self.notSticky { state.stickyBytes = 0 }
        leaveIfDone(&state, rule)
        return state.stickyBytes == Self.notSticky
    }

    private func leaveIfDone(_ state: inout State, _ rule: StickyRule) {
        guard rule.isDone(bytes: state.stickyBytes, hasIncompleteBatch: state.open != nil) else { return }
        let next = topic.sticky.moveOn(among: rule.partitions)
        state.stickyBytes = next == partition ? 0 : Self.notSticky
    }

    private static func announce(_ state: inout State) -> Bool {
        defer { state.isAnnounced = true }
        return !state.isAnnounced
    }

    /// Moves the open batch to the full ones; returns whether there was one.
    private static func sealOpen(_ state: inout State, _ queue: PartitionQueue) -> Bool {
        guard let open = state.open.take() else { return false }
        state.sealedCount += Int(open.writer.count)
        state.full.append(Batch(open, queue: queue))
        return true
    }

    // MARK: - The sender's side

    /// What is here to be sent.
    struct Contents {
        var fullCount: Int
        /// When the open batch was created, if there is one.
        var openSince: NIODeadline?
    }

    /// Looks at what is here.
    /// - Parameter listening: whether a new batch is announced again from now on.
    func contents(listening: Bool = false) -> Contents {
        state.withLock { state in
            if listening { state.isAnnounced = false }
            return Contents(fullCount: state.full.count, openSince: state.open?.createdAt)
        }
    }

    /// What has been taken from here and is not complete, the oldest first. On the sender's event loop only.
    var drained: [Batch] {
        (dispatch.inFlight + dispatch.retries).sorted {
            ($0.createdAt, $0.baseSequence) < ($1.createdAt, $1.baseSequence)
        }
    }

    /// How many records were ever appended.
    var appendedCount: Int { state.withLock { $0.sealedCount + Int($0.open?.writer.count ?? 0) } }

    /// Bytes, before compression, of the batch that would be taken next; nil if there is none.
    var nextSize: Int? {
        state.withLock { $0.full.first?.size ?? $0.open?.writer.position }
    }

    /// Takes the first full batch, or with `sealing` the open one.
    func take(sealing: Bool) -> Batch? {
        state.withLock { state in
            if state.full.isEmpty, sealing { _ = Self.sealOpen(&state, self) }
            return state.full.popFirst()
        }
    }

    /// Takes batches from the front that were created before `instant`.
    func takeExpired(before instant: NIODeadline) -> [Batch] {
        state.withLock { state in
            if let open = state.open?.createdAt, open <= instant { _ = Self.sealOpen(&state, self) }
            var expired: [Batch] = []
            while let first = state.full.first, first.createdAt <= instant {
                expired.append(first)
                state.full.removeFirst()
            }
            return expired
        }
    }

    /// Seals what is open so that it goes out at once; returns the latches of everything that waits here.
    func sealForFlush() -> [Latch] {
        state.withLock { state in
            _ = Self.sealOpen(&state, self)
            return state.full.map(\.latch)
        }
    }

    /// Refuses records from now on.
    func close() {
        state.withLock { $0.isClosed = true }
    }
}

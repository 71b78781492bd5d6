import KafkaWire
import NIOCore
import Synchronization

/// One partition of a topic: its leader, its log, and those who wait for more records. Safe to use from any thread.
final class Partition: Sendable {
    /// The node that reads and writes a partition, and how often it has changed.
    struct Leadership: Equatable {
        var node: Int32
        var epoch: Int32
    }

    /// The offsets between which a partition can be read.
    struct Offsets: Equatable {
        var start: Int64
        var end: Int64
        /// Where the first open transaction begins; the end if there is none (KIP-98).
        var lastStable: Int64
    }

    /// Somebody who waits for records.
    struct Waiter: Hashable {
        fileprivate var number: Int
    }

    private struct State {
        var leadership: Leadership
        var log: PartitionLog
        var waiters: [Waiter: @Sendable () -> Void] = [:]
        var waitersSoFar = 0

        var offsets: Offsets {
            Offsets(start: log.startOffset, end: log.endOffset, lastStable: log.lastStableOffset)
        }
    }

    let topic: String
    let index: Int32
    private let state: Mutex<State>

    init(topic: String, index: Int32, leader: Int32, log: PartitionLog) {
        self.topic = topic
        self.index = index
        self.state = Mutex(State(leadership: Leadership(node: leader, epoch: 0), log: log))
    }

    var leadership: Leadership { state.withLock { $0.leadership } }

    var offsets: Offsets { state.withLock { $0.offsets } }

    /// Gives the partition another leader, under a new epoch; those who wait at the former one hear of it.
    func move(to node: Int32) {
        let waiters = state.withLock { state in
            state.leadership = Leadership(node: node, epoch: state.leadership.epoch + 1)
            return Array(state.waiters.values)
        }
        for wake in waiters { wake() }
    }

    /// Appends a batch whose bytes have been found correct, and wakes those who wait for it.
    /// - Parameters:
    ///   - keeping: Whether the log keeps the batch, so that it needs bytes of its own.
    ///   - beginsTransaction: As of `PartitionLog.append`.
    func append(
        _ header: BatchHeader, _ batch: ByteBuffer, keeping: Bool, beginsTransaction: Bool = false
    ) throws(Refusal) -> (appended: PartitionLog.Appended, offsets: Offsets) {
        let own = keeping ? batch.ownCopy() : batch
        let (appended, offsets, waiters) = try state.withLock { (state) throws(Refusal) in
            let appended = try state.log.append(
                header, own, leaderEpoch: state.leadership.epoch, beginsTransaction: beginsTransaction)
            return (appended, state.offsets, appended.isDuplicate ? [] : Array(state.waiters.values))
        }
        for wake in waiters { wake() }
        return (appended, offsets)
    }

    /// Ends a transaction in this partition, and wakes those who wait.
    func append(_ marker: TransactionMarker, timestamp: Int64) throws(Refusal) {
        let batch = marker.batch(timestamp: timestamp)
        let header = BatchHeader(marker, byteCount: batch.readableBytes, timestamp: timestamp)
        _ = try append(header, batch, keeping: true)
    }

    /// What was read from a partition.
    struct Reading {
        var batches: [ByteBuffer]
        /// What a reader of committed records passes over.
        var aborted: [TransactionIndex.Aborted]
        var offsets: Offsets

        /// Whether a batch has nothing to show to its reader: a marker, or records of an aborted transaction.
        func passesOver(_ batch: borrowing RecordBatch) -> Bool {
            let attributes = batch.attributes
            guard attributes.isTransactional, !attributes.isControl else { return attributes.isControl }
            let (producerId, offset) = (batch.producerId, batch.baseOffset)
            return aborted.contains {
                $0.producerId == producerId && ($0.firstOffset...$0.lastOffset).contains(offset)
            }
        }
    }

    /// Reads from the log; see `PartitionLog.read`.
    func read(
        from offset: Int64, maxBytes: Int, atLeastOne: Bool, isolation: IsolationLevel = .readUncommitted
    ) throws(Refusal) -> Reading {
        try state.withLock { (state) throws(Refusal) in
            let (batches, aborted) = try state.log.read(
                from: offset, maxBytes: maxBytes, atLeastOne: atLeastOne, isolation: isolation)
            return Reading(batches: batches, aborted: aborted, offsets: state.offsets)
        }
    }

    /// The first batch with a record at `timestamp` or later; nil if there is none.
    func batch(since timestamp: Int64) throws(Refusal) -> ByteBuffer? {
        try state.withLock { (state) throws(Refusal) in try state.log.batch(since: timestamp) }
    }

    /// The latest timestamp of all records; nil if there are none.
    var latestTimestamp: Int64? { state.withLock { $0.log.latestTimestamp } }

    /// Calls `wake` after each append, on the thread of the append, until the waiter is removed.
    func addWaiter(_ wake: @escaping @Sendable () -> Void) -> Waiter {
        state.withLock { state in
            state.waitersSoFar += 1
            let waiter = Waiter(number: state.waitersSoFar)
            state.waiters[waiter] = wake
            return waiter
        }
    }

    func removeWaiter(_ waiter: Waiter) {
        state.withLock { _ = $0.waiters.removeValue(forKey: waiter) }
    }

    func close() throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in try state.log.close() }
    }
}

extension ByteBuffer {
    /// The same bytes in memory of exactly their size: a slice would hold on to all that it was cut from.
    fileprivate func ownCopy() -> ByteBuffer {
        var copy = ByteBuffer()
        copy.reserveCapacity(readableBytes)
        copy.writeImmutableBuffer(self)
        return copy
    }
}

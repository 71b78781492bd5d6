import CSupport
import Synchronization

/// A topic's partitions side by side: what has to be known of one before its queue is touched.
///
/// Of thousands of partitions in use none is in a cache when its next record comes. The slots are so small that they
/// are, and from there the queue and the place for the record are called for together, not one after the other.
final class PartitionSlots: Sendable {
    /// 16 bytes, so that four share a cache line.
    struct Slot: ~Copyable {
        /// Not retained: the topic's layout holds it.
        let queue: Unmanaged<PartitionQueue>
        /// The address at which the next record will lie, as far as is known: only ever fetched, never read or written.
        private let end: Atomic<UInt>
        /// Instead of an address, where partitions are few. Nothing is written then, since threads share the cache line.
        private static let unused = UInt.max

        init(_ queue: PartitionQueue, isOneOfMany: Bool) {
            self.queue = .passUnretained(queue)
            end = Atomic(isOneOfMany ? 0 : Self.unused)
        }

        @inline(__always)
        borrowing func noteNextRecord(_ address: UnsafeRawPointer) {
            if end.load(ordering: .relaxed) == Self.unused { return }
            end.store(UInt(bitPattern: address), ordering: .relaxed)
        }

        /// Calls for the memory that the next record needs.
        @inline(__always)
        borrowing func fetch() {
            let end = end.load(ordering: .relaxed)
            if end == Self.unused { return }
            let object = UnsafeRawPointer(queue.toOpaque())
            kl_prefetch_for_writing(object)
            kl_prefetch_for_writing(object + Self.cacheLine)
            guard let end = UnsafeRawPointer(bitPattern: end) else { return }
            // A short record lies in two lines or three; a long one's copy fetches for itself.
            kl_prefetch_for_writing(end)
            kl_prefetch_for_writing(end + Self.cacheLine)
            kl_prefetch_for_writing(end + 2 * Self.cacheLine)
        }

        private static var cacheLine: Int { 64 }
    }

    /// Of so many partitions caches are sure to hold what is needed.
    private static let few = 256
    private nonisolated(unsafe) let slots: UnsafeMutableBufferPointer<Slot>

    init(_ queues: [PartitionQueue]) {
        slots = .allocate(capacity: queues.count)
        for (index, queue) in queues.enumerated() {
            slots.initializeElement(at: index, to: Slot(queue, isOneOfMany: queues.count > Self.few))
        }
    }

    deinit {
        slots.deinitialize()
        slots.deallocate()
    }

    subscript(partition: Int32) -> Slot {
        @inline(__always)
        _read {
            precondition(slots.indices.contains(Int(partition)))
            yield slots[Int(partition)]
        }
    }
}

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
        let end = Atomic<UInt>(0)

        /// Calls for the memory that the next record needs.
        @inline(__always)
        borrowing func fetch() {
            let object = UnsafeRawPointer(queue.toOpaque())
            kl_prefetch_for_writing(object)
            kl_prefetch_for_writing(object + Self.cacheLine)
            guard let end = UnsafeRawPointer(bitPattern: end.load(ordering: .relaxed)) else { return }
            // A short record lies in two lines or three; a long one's copy fetches for itself.
            kl_prefetch_for_writing(end)
            kl_prefetch_for_writing(end + Self.cacheLine)
            kl_prefetch_for_writing(end + 2 * Self.cacheLine)
        }

        private static var cacheLine: Int { 64 }
    }

    /// Whether there are more partitions than caches are sure to hold.
    let areMany: Bool
    private nonisolated(unsafe) let slots: UnsafeMutableBufferPointer<Slot>

    init(_ queues: [PartitionQueue]) {
        areMany = queues.count > 256
        slots = .allocate(capacity: queues.count)
        for (index, queue) in queues.enumerated() {
            slots.initializeElement(at: index, to: Slot(queue: .passUnretained(queue)))
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

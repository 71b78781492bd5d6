import DequeModule
import NIOCore

/// Keeps batches for as long as the broker lives.
struct MemoryBatchStore: BatchStore {
    private var batches: Deque<ByteBuffer> = []

    mutating func append(_ batch: ByteBuffer) {
        batches.append(batch)
    }

    func read(_ ordinals: Range<Int>, bytes: Range<Int>) -> [ByteBuffer] {
        Array(batches[ordinals])
    }

    mutating func removeFirst() {
        batches.removeFirst()
    }

    mutating func finish() {}
}

import DequeModule
import Synchronization

/// Owns `buffer.memory`: lends chunks to batches, keeps chunks of `batch.size` for the next batch, and lets those who
/// find it exhausted wait in the order in which they came (Java's BufferPool).
final class MemoryBudget: Sendable {
    /// A place in the queue for memory.
    final class Reservation: Sendable {
        let size: Int
        /// Opens when the chunk is there, or the budget is closed.
        let latch = Latch()
        fileprivate let chunk = Mutex<Chunk?>(nil)

        fileprivate init(size: Int) { self.size = size }

        /// The chunk, once; nil if it has not been granted.
        func take() -> Chunk? {
            chunk.withLock { chunk in
                defer { chunk = nil }
                return chunk
            }
        }

    }

    private struct State {
        /// Bytes that are neither lent nor kept in `free`.
        var available: Int
        var free: [Chunk] = []
        var waiters: Deque<Reservation> = []
        var isClosed = false
    }

    let total: Int
    private let chunkSize: Int
    private let state: Mutex<State>

    init(total: Int, chunkSize: Int) {
        self.total = total
        self.chunkSize = chunkSize
        state = Mutex(State(available: total))
    }

    /// Bytes that nobody has borrowed.
    var availableBytes: Int {
        state.withLock { $0.available + $0.free.count * chunkSize }
    }

    /// How many wait for memory.
    var waiterCount: Int { state.withLock { $0.waiters.count } }

    /// A chunk if there is one and nobody waits for it, else a place in the queue.
    func allocate(_ size: Int) -> AllocationResult {
        state.withLock { state in
            if state.waiters.isEmpty, let chunk = lend(size, &state) { return .chunk(chunk) }
            let reservation = Reservation(size: size)
            if state.isClosed { reservation.latch.open() } else { state.waiters.append(reservation) }
            return .mustWait(reservation)
        }
    }

    enum AllocationResult {
        case chunk(Chunk)
        case mustWait(Reservation)
    }

    /// Gives a place up; a chunk that was granted meanwhile goes back.
    func cancel(_ reservation: Reservation) {
        state.withLock { state in
            state.waiters.removeAll { $0 === reservation }
        }
        if let chunk = reservation.take() { release(chunk) } else { serveWaiters() }
    }

    /// Takes a chunk back that no socket refers to any more (KAFKA-19012).
    func release(_ chunk: Chunk) {
        state.withLock { state in
            if chunk.size == chunkSize {
                state.free.append(chunk)
            } else {
                state.available += chunk.size
            }
        }
        serveWaiters()
    }

    /// Lets everybody go who waits, empty-handed.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.latch.open() }
    }

    private func serveWaiters() {
        while let reservation = grantNext() { reservation.latch.open() }
    }

    /// Under the lock the reservation either waits or has its chunk, so that `cancel` finds it in one of both places.
    private func grantNext() -> Reservation? {
        state.withLock { state in
            guard let first = state.waiters.first, let chunk = lend(first.size, &state) else { return nil }
            state.waiters.removeFirst()
            first.chunk.withLock { $0 = chunk }
            return first
        }
    }

    private func lend(_ size: Int, _ state: inout State) -> Chunk? {
        if size == chunkSize, let chunk = state.free.popLast() { return chunk }
        while state.available < size, state.free.popLast() != nil { state.available += chunkSize }
        guard state.available >= size else { return nil }
        state.available -= size
        return Chunk(capacity: size)
    }
}

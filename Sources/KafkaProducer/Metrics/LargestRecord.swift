import KafkaWire
import NIOCore
import Synchronization

/// The largest record of late, found without looking at each record.
///
/// A record that is no larger than this goes the short way, which has to compare its size with some limit in any case.
/// A larger one goes the long way, and is noted there.
struct LargestRecord: ~Copyable, Sendable {
    /// `RecordBytes.upperBound` of the largest record since the last reset.
    private let bound = Atomic(0)
    private let resetAt = Mutex(NIODeadline.distantPast)

    private static let interval = TimeAmount.seconds(1)

    /// Whether a record of that size need not be noted.
    @inline(__always)
    func covers(_ size: Int) -> Bool { size <= bound.load(ordering: .relaxed) }

    func note(_ size: Int) {
        if !covers(size) { bound.max(size, ordering: .relaxed) }
    }

    /// The largest record of the last second or so, as `max.request.size` measures it; 0 if there was none. From time
    /// to time it begins anew, so that a large record does not count for ever.
    func read(at now: NIODeadline) -> Int {
        let isOver = resetAt.withLock { resetAt in
            guard now - resetAt >= Self.interval else { return false }
            resetAt = now
            return true
        }
        let size = isOver ? bound.exchange(0, ordering: .relaxed) : bound.load(ordering: .relaxed)
        return size == 0 ? 0 : RecordBatchLayout.headerSize + size
    }
}

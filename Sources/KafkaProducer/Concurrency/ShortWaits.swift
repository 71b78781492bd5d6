import CSupport
import NIOCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Spares a thread that waits for a few microseconds the way through the scheduler, which would take longer than that: a
/// broker near by answers within 50 µs, of which putting a thread to sleep and waking it is half.
///
/// As long as waits have turned out to be short, a thread looks again and again before it sleeps; one of the process at a
/// time, and never where there is one processor only. A few long waits, and nobody does any more.
final class ShortWaits: Sendable {
    static let ofProcess = ShortWaits(processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    /// A wait that is no longer than that is a short one, and nobody looks for longer.
    static let limit = TimeAmount.microseconds(100)
    /// So many short waits, one after the other, and threads begin to look. A long one counts for as many.
    static let streak = 8

    private let hasOtherProcessors: Bool
    private let now: @Sendable () -> NIODeadline
    /// How many of the latest waits were short, from 0 to twice the streak.
    private let shortWaits = Atomic(0)
    private let isTaken = Atomic(false)

    init(processors: Int, now: @escaping @Sendable () -> NIODeadline = { .now() }) {
        hasOtherProcessors = processors > 1
        self.now = now
    }

    /// Waits for something that another thread does, and returns whether it was done by the deadline.
    /// - Parameters:
    ///   - isDone: looks whether it is.
    ///   - park: sleeps until it is.
    func wait(until deadline: NIODeadline, _ isDone: () -> Bool, orElse park: () -> Bool) -> Bool {
        guard hasOtherProcessors else { return park() }
        let start = now()
        let isOver = look(until: min(deadline, start + Self.limit), isDone) || park()
        note(now() - start)
        return isOver
    }

    private func look(until end: NIODeadline, _ isDone: () -> Bool) -> Bool {
        guard shortWaits.load(ordering: .relaxed) >= Self.streak,
            !isTaken.exchange(true, ordering: .acquiringAndReleasing)
        else { return false }
        defer { isTaken.store(false, ordering: .releasing) }
        repeat {
            for _ in 0..<16 {
                if isDone() { return true }
                csupport_pause()
            }
        } while now() < end
        return isDone()
    }

    private func note(_ length: TimeAmount) {
        // Notes of several threads at once may count as one: it is an estimate.
        let count = shortWaits.load(ordering: .relaxed) + (length <= Self.limit ? 1 : -Self.streak)
        shortWaits.store(min(max(count, 0), 2 * Self.streak), ordering: .relaxed)
    }
}

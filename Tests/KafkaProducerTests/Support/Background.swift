import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A call on a thread of its own, which may block.
final class Background<Result: Sendable>: Sendable {
    private let outcome = Inbox<Result>()

    init(_ body: @escaping @Sendable () -> Result) {
        let outcome = outcome
        DispatchQueue(label: "background").async { outcome.put(body()) }
    }

    /// What the call gave; blocks until it is over. To be asked once.
    func result() throws -> Result { try outcome.next() }
}

/// Lets other threads run until something is so.
/// - Throws: after five minutes.
func eventually(_ condition: () -> Bool) throws {
    let limit = ContinuousClock.now + .seconds(300)
    while !condition() {
        guard ContinuousClock.now < limit else { throw Inbox<Void>.NothingCame() }
        sched_yield()
    }
}

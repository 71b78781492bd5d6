import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The signals that end a command which sends, such as Ctrl-C: the first one ends the sending, and what was sent is waited
/// for; the second one ends the process.
final class StopRequest: Sendable {
    static let signals = [SIGINT, SIGTERM, SIGHUP]

    /// What is asked before each record: the signal, or 0.
    private let signal = Atomic<CInt>(0)
    private let pipe = WakePipe()
    /// Where the signals come. Not by a source of Dispatch, which loses those that come before it has been set up.
    private let arrivals = WakePipe(blocking: true)
    private let forwarded: [CInt]

    /// From now on the signals come here, until the value goes.
    /// - Parameter abandon: what is said before the process ends with records under way. On any thread.
    init(abandon: @escaping @Sendable () -> Void = {}) {
        forwarded = Self.signals.filter { !Signals.isIgnored($0) }
        for number in forwarded { arrivals.forward(signal: number) }
        startThread { [weak self, arrivals] in
            while true {
                for byte in arrivals.drain() {
                    if byte == WakePipe.wakeByte { return }
                    self?.received(CInt(byte), abandon)
                }
            }
        }
    }

    deinit {
        for number in forwarded { Signals.restore(number) }
        arrivals.wake()
    }

    private func received(_ number: CInt, _ abandon: () -> Void) {
        guard signal.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged else {
            abandon()
            exit(Signals.exitCode(number))
        }
        pipe.wake()
    }

    var isMade: Bool { signal.load(ordering: .relaxed) != 0 }

    /// With which code the process ends; nil if nobody asked.
    var exitCode: Int32? { isMade ? Signals.exitCode(signal.load(ordering: .relaxed)) : nil }

    /// Becomes readable with the request.
    var descriptor: CInt { pipe.readEnd }
}

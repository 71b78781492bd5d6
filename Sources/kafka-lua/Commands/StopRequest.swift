import Dispatch
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
    private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

    /// From now on the signals come here, until the value goes.
    /// - Parameter abandon: what is said before the process ends with records under way. On any thread.
    init(abandon: @escaping @Sendable () -> Void = {}) {
        for number in Self.signals where Signals.ignore(number) {
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { [weak self] in self?.received(number, abandon) }
            source.resume()
            sources.append(source)
        }
    }

    deinit {
        for source in sources { source.cancel() }
        for number in Self.signals { Signals.restore(number) }
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

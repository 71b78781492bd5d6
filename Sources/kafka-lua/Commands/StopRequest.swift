import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ctrl-C in a command that sends: the first one ends the sending, and what was sent is waited for; the second one ends
/// the process.
final class StopRequest: Sendable {
    /// What is asked before each record.
    private let flag = Atomic(false)
    private let pipe = WakePipe()
    private nonisolated(unsafe) let source: any DispatchSourceSignal

    /// From now on SIGINT comes here, until the value goes.
    init() {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT)
        source.setEventHandler { [weak self] in
            guard let self else { return }
            if flag.exchange(true, ordering: .relaxed) { exit(130) }
            pipe.wake()
        }
        source.resume()
    }

    deinit {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }

    var isMade: Bool { flag.load(ordering: .relaxed) }

    /// Becomes readable with the request.
    var descriptor: CInt { pipe.readEnd }
}

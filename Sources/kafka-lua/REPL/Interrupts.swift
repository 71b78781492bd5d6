import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Turns Ctrl-C into what it means at the moment: the line is cancelled, or what runs is interrupted; a second one
/// while the same still runs ends the process. Other signals that end programs count as Ctrl-C where no person sits;
/// at a prompt they end the session in order, within a time.
final class Interrupts: Sendable {
    private struct State {
        var running: (any Interruptible)?
        var hasInterrupted = false
        /// Whether what runs is the end of the session.
        var isClosing = false
    }

    /// How long a signal leaves the end of a session to deliver what was sent, and then to name what was not.
    private static let patience = Duration.seconds(3)

    /// The signal that came last; 0 before the first one.
    private let last = Atomic<CInt>(0)
    /// The signal that ends the session; 0 before it.
    private let ending = Atomic<CInt>(0)

    /// What one Ctrl-C does.
    enum Effect { case cancelLine, interrupt, quit }

    private let state = Mutex(State())
    private let pipe = WakePipe(blocking: true)
    private let console: Console
    private let diagnostics: Diagnostics

    init(console: Console, diagnostics: Diagnostics) {
        self.console = console
        self.diagnostics = diagnostics
    }

    /// Whether a signal has come.
    var haveCome: Bool { last.load(ordering: .relaxed) != 0 }

    /// The exit code of a process that ends because of the last one.
    var exitCode: Int32 { Signals.exitCode(haveCome ? last.load(ordering: .relaxed) : SIGINT) }

    /// The exit code of a session that a signal has ended; nil if none has.
    var sessionExitCode: Int32? {
        let number = ending.load(ordering: .relaxed)
        return number == 0 ? nil : Signals.exitCode(number)
    }

    /// From now on the signals come here. The thread that waits for them lives as long as the process.
    /// - Parameter endings: those that end the session.
    func listen(to signals: [CInt], endings: [CInt] = []) {
        for signal in signals + endings where !Signals.isIgnored(signal) { pipe.forward(signal: signal) }
        startThread { [self] in
            while true {
                for byte in pipe.drain() where byte != WakePipe.wakeByte {
                    if endings.contains(CInt(byte)) { end(CInt(byte)) } else { signal(CInt(byte)) }
                }
            }
        }
    }

    /// Nobody reads the output any more: what runs is interrupted, once.
    func outputEnded() {
        last.store(SIGPIPE, ordering: .relaxed)
        state.withLock { $0.running }?.interrupt()
    }

    /// Runs the body; Ctrl-C meanwhile interrupts the host.
    /// - Parameters:
    ///   - wasEntered: whether the body is what the prompt has just read: a Ctrl-C that came after the line was entered,
    ///     and before this, is meant for what runs, not for the next line.
    ///   - isClosing: whether the body is the end of the session.
    func whileRunning<Result>(
        _ host: any Interruptible, wasEntered: Bool = false, isClosing: Bool = false, _ body: () -> Result
    ) -> Result {
        let (outer, isInterrupted) = state.withLock { state in
            let outer = state
            state = State(running: host, isClosing: isClosing)
            return (outer, wasEntered && console.takeInterrupt())
        }
        defer { state.withLock { $0 = outer } }
        if isInterrupted { host.interrupt() }
        return body()
    }

    /// What a Ctrl-C does now. The second one while the same runs quits.
    func effect() -> Effect { state.withLock { Self.effect(&$0) } }

    private static func effect(_ state: inout State) -> Effect {
        guard state.running != nil else { return .cancelLine }
        defer { state.hasInterrupted = true }
        return state.hasInterrupted ? .quit : .interrupt
    }

    private func signal(_ number: CInt) {
        last.store(number, ordering: .relaxed)
        let effect = state.withLock { state in
            let effect = Self.effect(&state)
            // Under the lock, so that what begins to run next finds it.
            if effect == .cancelLine { console.interruptPrompt() }
            return effect
        }
        switch effect {
        case .cancelLine: break
        case .interrupt: state.withLock { $0.running }?.interrupt()
        case .quit:
            console.noteEcho()
            quit(exitCode)
        }
    }

    /// Ends the session in order, and where that takes too long, the process. A terminal that closes sends more than one.
    private func end(_ number: CInt) {
        guard ending.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged else { return }
        state.withLock { $0.isClosing ? nil : $0.running }?.interrupt()
        console.endInput()
        Task { [self] in
            try await Task.sleep(for: Self.patience)
            state.withLock { $0.running }?.interrupt()
            try await Task.sleep(for: Self.patience)
            quit(Signals.exitCode(number))
        }
    }

    /// Ends the process with what runs, and names what is lost.
    private func quit(_ code: Int32) -> Never {
        console.endLine()
        let lost = state.withLock { $0.running }?.undelivered ?? [:]
        for (topic, count) in lost.sorted(by: { $0.key < $1.key }) {
            diagnostics.warn("\(topic): \(ProgressLine.grouped(count)) records were not acknowledged")
        }
        exit(code)
    }
}

/// Runs the body on a thread of its own that nobody waits for.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    let context = Unmanaged.passRetained(Body(body))
    #if canImport(Glibc)
        var thread = pthread_t()
    #else
        var thread: pthread_t?
    #endif
    let failure = pthread_create(
        &thread, nil,
        { context in
            #if canImport(Glibc)
                guard let context else { return nil }
            #endif
            Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
            return nil
        }, context.toOpaque())
    if failure != 0 { context.release() }
}

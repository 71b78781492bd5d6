import Synchronization

/// Standard output, shared by results, scripts and deliveries, whether a prompt stands there or not.
///
/// While a prompt waits, text from any thread is kept for it and shown above it; otherwise it is written at once.
final class Console: Sendable {
    /// Wakes the prompt that waits.
    let wakes = WakePipe()

    /// Text kept for a prompt beyond this many bytes is left out, and how much is said.
    private static let pendingLimit = 1 << 20

    private struct State {
        var isPrompting = false
        var interrupts = 0
        var isInputEnded = false
        var isAtLineStart = true
        /// Whether a line on standard error says how far things are, which is erased before anything else is written.
        var hasStatus = false
        var pending = ""
        var leftOut = 0
        /// Called when nobody reads the output any more.
        var onOutputEnd: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let descriptor: CInt
    /// Whether standard error is a terminal, so that what is written there could disturb a prompt.
    private let sharesTerminal: Bool

    init(descriptor: CInt = Descriptor.output) {
        self.descriptor = descriptor
        sharesTerminal = Descriptor.isTerminal(Descriptor.error)
    }

    /// Calls the closure once, when output is not taken any more, as with `| head`.
    func onOutputEnd(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onOutputEnd = body } }

    /// Shows text. From any thread.
    func write(_ text: String) {
        guard !text.isEmpty else { return }
        var outputEnd: (@Sendable () -> Void)?
        let isKept = state.withLock { state in
            guard state.isPrompting else {
                eraseStatus(&state)
                state.isAtLineStart = text.utf8.last == UInt8(ascii: "\n")
                if !Descriptor.write(text, to: descriptor) { swap(&outputEnd, &state.onOutputEnd) }
                return false
            }
            if state.pending.utf8.count + text.utf8.count > Self.pendingLimit {
                state.leftOut += text.utf8.count
            } else {
                state.pending += text
            }
            return true
        }
        if isKept { wakes.wake() }
        outputEnd?()
    }

    /// Shows what is no result: on standard error, or while a prompt waits there, above it. From any thread.
    func note(_ text: String) {
        let isAbove = sharesTerminal && state.withLock { $0.isPrompting }
        if isAbove { write(text) } else { Descriptor.write(text, to: Descriptor.error) }
    }

    /// Makes the prompt that waits run its `idle` closure. From any thread.
    func wake() { wakes.wake() }

    /// Makes the prompt that waits, or the next one, cancel its line, as Ctrl-C does. From any thread.
    func interruptPrompt() {
        state.withLock { $0.interrupts += 1 }
        wakes.wake()
    }

    /// Makes the prompt that waits, and those that follow, read nothing more. From any thread.
    func endInput() {
        state.withLock { $0.isInputEnded = true }
        wakes.wake()
    }

    /// Whether the input was ended.
    var isInputEnded: Bool { state.withLock { $0.isInputEnded } }

    /// From now on text is kept for the prompt; a line that was begun is ended first.
    func beginPrompt() {
        state.withLock { state in
            endLine(&state)
            state.isPrompting = true
        }
    }

    /// Ends a line that was begun, so that what is written next, here or to standard error, has its own.
    func endLine() { state.withLock { endLine(&$0) } }

    /// The text kept for the prompt so far.
    func takePending() -> String { state.withLock { Self.take(&$0) } }

    /// Ends the prompt and returns the text that it did not show.
    func endPrompt() -> String {
        state.withLock { state in
            state.isPrompting = false
            let text = Self.take(&state)
            state.isAtLineStart = text.isEmpty || text.utf8.last == UInt8(ascii: "\n")
            return text
        }
    }

    /// Whether the prompt was interrupted; each Ctrl-C counts once.
    func takeInterrupt() -> Bool {
        let (isInterrupted, hasMore) = state.withLock { state in
            defer { state.interrupts = max(state.interrupts - 1, 0) }
            return (state.interrupts > 0, state.interrupts > 1)
        }
        if hasMore { wakes.wake() }
        return isInterrupted
    }

    private func endLine(_ state: inout State) {
        guard !state.isPrompting, !state.isAtLineStart else { return }
        Descriptor.write("\n", to: descriptor)
        state.isAtLineStart = true
    }

    // MARK: - Status

    /// Shows a line on standard error that stands until something is written, unless a line is begun or a prompt waits.
    func showStatus(_ text: String) {
        state.withLock { state in
            guard !state.isPrompting, state.isAtLineStart else { return }
            Descriptor.write(text, to: Descriptor.error)
            state.hasStatus = true
        }
    }

    /// Erases the status, before something else writes to the terminal.
    /// - Parameter endsLine: whether what is written ends its line; nil if nothing is known of it.
    func hideStatus(endsLine: Bool? = nil) {
        state.withLock { state in
            eraseStatus(&state)
            if let endsLine { state.isAtLineStart = endsLine }
        }
    }

    private func eraseStatus(_ state: inout State) {
        guard state.hasStatus else { return }
        Descriptor.write(ProgressLine.eraseLine, to: Descriptor.error)
        state.hasStatus = false
    }

    /// The terminal itself has written, such as the `^C` of its echo: the line is begun.
    func noteEcho() { state.withLock { $0.isAtLineStart = false } }

    private static func take(_ state: inout State) -> String {
        defer { (state.pending, state.leftOut) = ("", 0) }
        guard state.leftOut > 0 else { return state.pending }
        let isLineEnded = state.pending.utf8.last == UInt8(ascii: "\n")
        return state.pending + (isLineEnded ? "" : "\n") + "… \(state.leftOut) bytes of output left out\n"
    }
}

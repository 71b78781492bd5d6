import Dispatch
import Synchronization

/// Shows how far a command is, while the command does something else.
final class ProgressReporter: Sendable {
    private struct State {
        var line: ProgressLine
        var isShown = false
        var isEnded = false
    }

    private let counts: @Sendable () -> ProgressCounts
    /// Shows a text; one that is to be redrawn stands until the next, or until it is hidden.
    private let show: @Sendable (String) -> Void
    private let hide: @Sendable () -> Void
    private let state: Mutex<State>
    private nonisolated(unsafe) let timer: (any DispatchSourceTimer)?

    /// Begins to show, once it has taken a while.
    init(
        _ style: ProgressLine.Style, counts: @escaping @Sendable () -> ProgressCounts,
        show: @escaping @Sendable (String) -> Void = { Descriptor.write($0, to: Descriptor.error) },
        hide: @escaping @Sendable () -> Void = { Descriptor.write(ProgressLine.eraseLine, to: Descriptor.error) }
    ) {
        (self.counts, self.show, self.hide) = (counts, show, hide)
        var before = counts()
        // What is under way already is waited for too.
        before.sent = before.delivered + before.failed
        state = Mutex(State(line: ProgressLine(style, start: .now, before: before)))
        guard style != .none else {
            timer = nil
            return
        }
        let timer = DispatchSource.makeTimerSource()
        self.timer = timer
        timer.schedule(
            deadline: .now() + style.delay / .seconds(1), repeating: style.interval / .seconds(1),
            leeway: .milliseconds(10))
        timer.setEventHandler { [weak self] in self?.tick() }
        timer.resume()
    }

    deinit { timer?.cancel() }

    private func tick() {
        let counts = counts()
        state.withLock { state in
            guard !state.isEnded, let text = state.line.text(counts, now: .now) else { return }
            show(text)
            state.isShown = true
        }
    }

    /// Shows no more, and erases a line that is redrawn. Returns whether anything was shown.
    @discardableResult
    func end() -> Bool {
        timer?.cancel()
        return state.withLock { state in
            guard !state.isEnded else { return state.isShown }
            state.isEnded = true
            if state.isShown, case .redrawn = state.line.style { hide() }
            return state.isShown
        }
    }
}

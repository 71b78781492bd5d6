import CSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads blocks from a terminal with editing, history and completion, while output appears above the prompt.
///
/// Used by one thread. All decisions are ``EditorState``'s and all drawing is ``Renderer``'s; this is only the waiting,
/// reading and writing.
final class LineEditor: BlockReader {
    /// Finds completions for Tab.
    var completer: Completer = { _, _ in .none }
    /// Styles the text.
    var highlighter: Highlighter = { _ in [] }
    /// What is shown behind a text at whose end the cursor stands.
    var hinter: ([Character]) -> String = { _ in "" }

    private let terminal: Terminal
    private let console: Console
    private let prompt: Prompt
    private let promptStyle: TextStyle?
    private var history: HistoryFile
    private var kills = KillRing()
    private var typedAhead: [Key] = []
    private var decoder = KeyDecoder()

    /// How long the rest of an escape sequence may take, in milliseconds.
    private static let sequenceTime: CInt = 50

    init(terminal: Terminal, console: Console, prompt: Prompt, promptStyle: TextStyle?, history: HistoryFile) {
        self.terminal = terminal
        self.console = console
        self.prompt = prompt
        self.promptStyle = promptStyle
        self.history = history
        console.wakes.forward(signal: SIGWINCH)
        console.wakes.forward(signal: SIGCONT)
    }

    func read(isComplete: (String) -> Bool, idle: () -> Void) -> BlockInput {
        var editing = Editing(state: EditorState(), renderer: Renderer())
        console.beginPrompt()
        let input = terminal.raw {
            write(editing.renderer.draw(frame(editing.state), size: terminal.size))
            // Read while the prompt already stands there.
            history.refresh()
            editing.state = EditorState(entries: history.history.entries, killRing: kills)
            return run(&editing, isComplete: isComplete, idle: idle)
        }
        kills = editing.state.kills
        if case .block(let block) = input { history.append(block) }
        // What came while the last key was handled is shown below the finished prompt.
        write(console.endPrompt())
        return input
    }

    func remember(_ block: String) { history.append(block) }

    func keepOut(_ secrets: [String]) { history.keepOut(secrets) }

    private struct Editing {
        var state: EditorState
        var renderer: Renderer
        /// Whether the state has changed since it was drawn.
        var isStale = false
    }

    private func run(_ editing: inout Editing, isComplete: (String) -> Bool, idle: () -> Void) -> BlockInput {
        while true {
            while !typedAhead.isEmpty {
                let key = typedAhead.removeFirst()
                if let input = handle(key, &editing, isComplete: isComplete) { return input }
            }
            // Keys that were read together are drawn together.
            if editing.isStale {
                write(editing.renderer.draw(frame(editing.state), size: terminal.size))
                editing.isStale = false
            }
            switch wait() {
            case .keys(let keys): typedAhead += keys
            case .woken(let bytes):
                if bytes.contains(UInt8(SIGCONT)) { terminal.enterRaw() }
                if console.takeInterrupt() { typedAhead = [.control("c")] }
                if console.isInputEnded { return end(editing) }
                idle()
                let text = console.takePending()
                let isScreenStale = bytes.contains { $0 == UInt8(SIGWINCH) || $0 == UInt8(SIGCONT) }
                guard !text.isEmpty || isScreenStale else { continue }
                write(editing.renderer.printAbove(text, frame(editing.state), size: terminal.size))
            case .closed: return end(editing)
            }
        }
    }

    private func end(_ editing: Editing) -> BlockInput {
        var renderer = editing.renderer
        write(renderer.finish(frame(editing.state, isFinal: true), size: terminal.size))
        return .end(unfinished: editing.state.buffer.isEmpty ? nil : editing.state.buffer.text)
    }

    /// Handles one key; returns what ends the reading.
    private func handle(_ key: Key, _ editing: inout Editing, isComplete: (String) -> Bool) -> BlockInput? {
        let action = editing.state.apply(key, isComplete: isComplete)
        let size = terminal.size
        switch action {
        case .redraw: editing.isStale = true
        case .submit(let block):
            write(editing.renderer.finish(frame(editing.state, isFinal: true), size: size))
            return .block(block)
        case .cancel:
            write(editing.renderer.finish(frame(editing.state, suffix: "^C"), size: size))
            return .interrupted
        case .endOfInput:
            write(editing.renderer.finish(frame(editing.state, isFinal: true), size: size))
            return .end(unfinished: nil)
        case .complete: complete(&editing)
        case .clearScreen: write(editing.renderer.clearScreen(frame(editing.state), size: size))
        case .suspend:
            write(editing.renderer.finish(frame(editing.state, isFinal: true), size: size))
            terminal.leaveRaw()
            kill(0, SIGTSTP)
            terminal.enterRaw()
            write(editing.renderer.draw(frame(editing.state), size: terminal.size))
        case .beep:
            // A search that fails beeps and says so.
            editing.isStale = true
            write("\u{07}")
        case .nothing: break
        }
        return nil
    }

    private func complete(_ editing: inout Editing) {
        let completion = completer(editing.state.buffer.text, editing.state.buffer.cursor)
        let candidates = editing.state.apply(completion)
        let size = terminal.size
        let list = candidates.isEmpty ? "" : CandidateList.text(candidates, columns: size.columns)
        if completion.candidates.isEmpty { write("\u{07}") }
        write(editing.renderer.printAbove(list, frame(editing.state), size: size))
    }

    private enum Event {
        case keys([Key])
        case woken([UInt8])
        case closed
    }

    private func wait() -> Event {
        while true {
            let time = decoder.isIncomplete ? Self.sequenceTime : -1
            let ready = Descriptor.wait(
                for: [
                    pollfd(fd: terminal.input, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: console.wakes.readEnd, events: Int16(POLLIN), revents: 0),
                ], milliseconds: time)
            guard ready.count == 2 else {
                let keys = decoder.flush()
                if !keys.isEmpty { return .keys(keys) }
                continue
            }
            // First, so that a Ctrl-C ends what was typed before it.
            if ready[1].revents != 0 { return .woken(console.wakes.drain()) }
            var bytes = [UInt8](repeating: 0, count: 4_096)
            guard let count = Descriptor.read(terminal.input, into: &bytes) else { return .closed }
            if count > 0 { return .keys(decoder.feed(bytes[..<count])) }
            // What was typed may be gone, with a Ctrl-C that comes now; the terminal itself only with a hang-up.
            if ready[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { return .closed }
        }
    }

    private func frame(_ state: EditorState, suffix: String = "", isFinal: Bool = false) -> EditorFrame {
        let characters = state.buffer.characters + Array(suffix)
        let takesHint = suffix.isEmpty && state.search == nil && state.buffer.cursor == characters.count && !isFinal
        return EditorFrame(
            prompt: state.search?.prompt ?? prompt.first, continuation: prompt.continuation, promptStyle: promptStyle,
            characters: characters, cursor: state.buffer.cursor, highlights: highlighter(characters),
            hint: takesHint ? hinter(characters) : "")
    }

    private func write(_ text: String) { Descriptor.write(text, to: terminal.output) }
}

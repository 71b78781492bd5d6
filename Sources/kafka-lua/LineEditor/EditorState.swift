/// The editor without a terminal: keys in, what to do out.
struct EditorState {
    /// What the owner of the terminal does after a key.
    enum Action: Equatable {
        case redraw
        case submit(String)
        case cancel
        case endOfInput
        case complete
        case clearScreen
        case suspend
        case beep
        case nothing
    }

    private enum LastCommand { case kill, yank(Range<Int>), other }

    private(set) var buffer = LineBuffer()
    private(set) var search: HistorySearch?
    private var browser: HistoryBrowser
    private var killRing: KillRing
    private var undo = UndoHistory()
    private var last = LastCommand.other

    /// - Parameter entries: The history, oldest first.
    init(entries: [String] = [], killRing: KillRing = KillRing()) {
        browser = HistoryBrowser(entries: entries)
        self.killRing = killRing
    }

    /// The texts killed so far, for the state of the next block.
    var kills: KillRing { killRing }

    /// Takes one key.
    ///
    /// - Parameter isComplete: Whether Enter submits this text; otherwise it begins a new line.
    mutating func apply(_ key: Key, isComplete: (String) -> Bool) -> Action {
        if let action = continueSearch(key) { return action }
        switch key {
        case .text(let text): return insert(text, typing: true)
        case .paste(let text): return insert(text, typing: false)
        default: return perform(EditCommand.bindings[key] ?? .beep, isComplete: isComplete)
        }
    }

    /// Puts a completion in place of what it completes; returns the candidates to show when it is not the only one.
    mutating func apply(_ completion: Completion) -> [String] {
        let range = completion.replacing.clamped(to: 0..<buffer.characters.count)
        guard let common = completion.commonPrefix else { return [] }
        let present = String(buffer.characters[range])
        if common != present, common.hasPrefix(present) || completion.candidates.count == 1 {
            change { buffer in
                buffer.remove(range)
                buffer.insert(common)
            }
            return []
        }
        return completion.candidates.count > 1 ? completion.candidates : []
    }

    private mutating func insert(_ text: String, typing: Bool) -> Action {
        change(typing: typing) { $0.insert(text) }
        last = .other
        return .redraw
    }

    private mutating func perform(_ command: EditCommand, isComplete: (String) -> Bool) -> Action {
        let previous = last
        last = .other
        undo.endTyping()
        switch command {
        case .move(let movement): return changed { $0.move(movement) }
        case .delete(let movement): return changed { $0.remove(movement) }
        case .kill(let movement): return kill(movement, after: previous)
        case .yank: return yank()
        case .yankPrevious: return yankPrevious(after: previous)
        case .transpose: return changed { _ = $0.transpose() }
        case .undo: return restore(undo.undo(from: buffer))
        case .enter:
            guard isComplete(buffer.text) else { return changed { $0.insert("\n") } }
            return .submit(buffer.text)
        case .newline: return changed { $0.insert("\n") }
        case .complete: return .complete
        case .cancel: return .cancel
        case .clearScreen: return .clearScreen
        case .suspend: return .suspend
        case .deleteOrEnd: return buffer.isEmpty ? .endOfInput : changed { $0.remove(.right) }
        case .up: return buffer.isOnFirstLine ? browse(.older, prefix: "") : changed { $0.move(.up) }
        case .down: return buffer.isOnLastLine ? browse(.newer, prefix: "") : changed { $0.move(.down) }
        case .olderWithPrefix: return browse(.older, prefix: buffer.textBeforeCursor)
        case .newerWithPrefix: return browse(.newer, prefix: buffer.textBeforeCursor)
        case .searchHistory:
            search = HistorySearch(entries: browser.entries, original: buffer)
            return .redraw
        case .searchForward, .beep: return .beep
        case .ignore: return .nothing
        }
    }
}

extension EditorState {
    /// Changes the buffer so that it can be undone.
    private mutating func change(typing: Bool = false, _ body: (inout LineBuffer) -> Void) {
        let before = buffer
        body(&buffer)
        if buffer.characters != before.characters { undo.record(before, typing: typing) }
    }

    /// Changes the buffer; beeps when nothing came of it.
    private mutating func changed(_ body: (inout LineBuffer) -> Void) -> Action {
        let before = buffer
        change(body)
        return buffer == before ? .beep : .redraw
    }

    private mutating func restore(_ state: LineBuffer?) -> Action {
        guard let state else { return .beep }
        buffer = state
        return .redraw
    }

    private mutating func kill(_ movement: Movement, after previous: LastCommand) -> Action {
        let isBackward = buffer.position(after: movement) < buffer.cursor
        var killed = ""
        change { killed = $0.remove(movement) }
        guard !killed.isEmpty else { return .beep }
        if case .kill = previous {
            killRing.add(killed, joining: true, backward: isBackward)
        } else {
            killRing.add(killed, joining: false, backward: isBackward)
        }
        last = .kill
        return .redraw
    }

    private mutating func yank() -> Action {
        guard let text = killRing.current else { return .beep }
        let start = buffer.cursor
        change { $0.insert(text) }
        last = .yank(min(start, buffer.cursor)..<buffer.cursor)
        return .redraw
    }

    private mutating func yankPrevious(after previous: LastCommand) -> Action {
        guard case .yank(let range) = previous else { return .beep }
        killRing.rotate()
        change { $0.remove(range) }
        return yank()
    }

    private mutating func browse(_ direction: HistoryBrowser.Direction, prefix: String) -> Action {
        guard let text = browser.go(direction, from: buffer.text, prefix: prefix) else { return .beep }
        let cursor = prefix.isEmpty ? nil : buffer.cursor
        change { buffer in
            buffer = LineBuffer(text)
            if let cursor { buffer.move(to: cursor) }
        }
        return .redraw
    }

    /// What a key means while the history is searched; nil when it is not, or when the key ends the search and is
    /// then taken as usual.
    private mutating func continueSearch(_ key: Key) -> Action? {
        guard var current = search else { return nil }
        var found = true
        switch key {
        case .text(let text), .paste(let text): found = current.extend(with: text)
        case .backspace: current.shorten()
        case .control("r"): found = current.next(.older)
        case .control("s"): found = current.next(.newer)
        case .control("g"), .control("c"):
            buffer = current.original
            search = nil
            return .redraw
        default:
            search = nil
            return key == .escape ? .redraw : nil
        }
        search = current
        let match = current.match
        change { buffer in
            buffer = match.map { LineBuffer($0.text) } ?? current.original
            if let match { buffer.move(to: match.position) }
        }
        return found ? .redraw : .beep
    }
}

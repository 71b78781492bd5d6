/// The states a buffer had, to go back to.
struct UndoHistory {
    private static let limit = 1_000
    private var states: [LineBuffer] = []
    private var isTyping = false

    /// Remembers the state before a change. Text typed without another command between is one change.
    mutating func record(_ state: LineBuffer, typing: Bool) {
        defer { isTyping = typing }
        if typing, isTyping { return }
        states.append(state)
        if states.count > Self.limit { states.removeFirst() }
    }

    /// Ends a run of typing: what is typed next is undone alone.
    mutating func endTyping() { isTyping = false }

    /// The state before the last change that is not the present one.
    mutating func undo(from present: LineBuffer) -> LineBuffer? {
        isTyping = false
        while let state = states.popLast() {
            if state.characters != present.characters { return state }
        }
        return nil
    }
}

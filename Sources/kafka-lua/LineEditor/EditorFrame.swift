/// What the editor shows at one moment.
struct EditorFrame {
    /// Before the first line and before each further one; without escape sequences.
    var prompt: String
    var continuation: String
    var promptStyle: TextStyle?
    var characters: [Character]
    var cursor: Int
    /// Styled pieces of the text, in order, not overlapping.
    var highlights: [Highlight] = []
    /// Shown dim behind the text, as far as there is room on the row of the cursor, which is at the end.
    var hint = ""
}

/// A styled piece of the text that is edited, in characters.
struct Highlight: Equatable, Sendable {
    var range: Range<Int>
    var style: TextStyle
}

/// Finds the pieces of a text that are to be styled.
typealias Highlighter = (_ characters: [Character]) -> [Highlight]

/// The columns and rows of a terminal.
struct TerminalSize: Equatable, Sendable {
    var columns: Int
    var rows: Int
}

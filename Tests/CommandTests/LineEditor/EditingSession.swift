@testable import kafka_lua

/// An editor on a screen: bytes of a keyboard in, what is seen out.
struct EditingSession {
    private(set) var screen: ScreenModel
    private(set) var state: EditorState
    private(set) var submitted: [String] = []
    private(set) var lastAction = EditorState.Action.nothing
    private var renderer = Renderer()
    private var decoder = KeyDecoder()
    let isComplete: (String) -> Bool

    init(
        columns: Int = 40, rows: Int = 10, history: [String] = [],
        isComplete: @escaping (String) -> Bool = { _ in true }
    ) {
        screen = ScreenModel(columns: columns, rows: rows)
        state = EditorState(entries: history)
        self.isComplete = isComplete
        draw()
    }

    private var size: TerminalSize { TerminalSize(columns: screen.columns, rows: screen.rows) }

    private var frame: EditorFrame {
        EditorFrame(
            prompt: state.search?.prompt ?? "> ", continuation: ". ", promptStyle: .green,
            characters: state.buffer.characters, cursor: state.buffer.cursor)
    }

    private mutating func draw() { screen.write(renderer.draw(frame, size: size)) }

    mutating func type(_ text: String) { press(bytes: Array(text.utf8)) }

    mutating func press(bytes: [UInt8]) {
        for key in decoder.feed(bytes) + decoder.flush() {
            lastAction = state.apply(key, isComplete: isComplete)
            if case .submit(let block) = lastAction {
                submitted.append(block)
                screen.write(renderer.finish(frame, size: size))
                state = EditorState()
            }
            draw()
        }
    }

    mutating func printAbove(_ text: String) { screen.write(renderer.printAbove(text, frame, size: size)) }

    mutating func clearScreen() { screen.write(renderer.clearScreen(frame, size: size)) }

    /// The text with `|` where the cursor is.
    var marked: String {
        let characters = state.buffer.characters
        return String(characters[..<state.buffer.cursor]) + "|" + String(characters[state.buffer.cursor...])
    }
}

/// Where the blocks of a session come from: a line editor, or lines as they are.
protocol BlockReader: AnyObject {
    /// Waits for the next block of lines.
    ///
    /// - Parameters:
    ///   - isComplete: Whether a text can be run, or needs more lines.
    ///   - idle: Runs on this thread whenever somebody woke the console; output that it makes appears above the prompt.
    func read(isComplete: (String) -> Bool, idle: () -> Void) -> BlockInput

    /// Adds a block to the history that was not typed here.
    func remember(_ block: String)

    /// Keeps blocks that contain one of the texts out of the history, from now on.
    func keepOut(_ secrets: [String])
}

extension BlockReader {
    func remember(_ block: String) {}
    func keepOut(_ secrets: [String]) {}
}

/// What was read.
enum BlockInput: Equatable, Sendable {
    case block(String)
    /// Ctrl-C.
    case interrupted
    /// Ctrl-D on an empty line, or the end of the file. With what was begun and not complete, if anything.
    case end(unfinished: String?)
}

/// What stands before the lines of a block.
struct Prompt: Equatable, Sendable {
    var first: String
    /// Before each further line; as wide as the first.
    var continuation: String
}

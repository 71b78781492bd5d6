/// Lua's traceback, reduced to what the person at the terminal wrote.
enum Traceback {
    /// What the host runs by itself is called this.
    static let hostChunk = "kafka"

    /// The frames with a line of a script, innermost first; nil where they say no more than the error's own place.
    static func ownFrames(_ traceback: String) -> String? {
        let frames = traceback.split(separator: "\n").dropFirst().map { $0.trimmingWhitespace() }
        let own = frames.filter { frame in
            !frame.hasPrefix("[C]") && !frame.hasPrefix("\(hostChunk):") && !frame.hasPrefix("(...tail calls")
        }
        return own.count > 1 ? own.map { "  \($0)" }.joined(separator: "\n") : nil
    }
}

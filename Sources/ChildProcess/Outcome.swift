/// How a program ended, and what it wrote.
public struct Outcome: Sendable, Equatable {
    /// The exit code, or 128 and the number of the signal that ended the program, as shells count.
    public let status: Int32
    /// What it wrote to standard output and was not read before.
    public let output: String
    /// What it wrote to standard error, empty where that was inherited.
    public let errors: String

    /// The lines of the output.
    public var lines: [Substring] {
        output.split(separator: "\n")
    }

    init(waitStatus: Int32, output: String, errors: String) {
        let signal = waitStatus & 0x7f
        status = signal == 0 ? (waitStatus >> 8) & 0xff : 128 + signal
        self.output = output
        self.errors = errors
    }
}

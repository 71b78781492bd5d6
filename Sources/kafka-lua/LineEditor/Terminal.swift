import CSupport

/// The terminal that a person sits at.
struct Terminal: Sendable {
    /// What a terminal can do.
    enum Kind: Equatable, Sendable {
        /// Escape sequences work: the line editor can be used.
        case full
        /// A person, but no escape sequences (`TERM=dumb`).
        case dumb
        /// Not a terminal: a pipe or a file.
        case none
    }

    let kind: Kind
    let input: CInt
    let output: CInt

    /// - Parameter term: The value of the environment variable `TERM`.
    init(term: String?, input: CInt = Descriptor.input, output: CInt = Descriptor.output) {
        self.input = input
        self.output = output
        if !Descriptor.isTerminal(input) {
            kind = .none
        } else if !Descriptor.isTerminal(output) || term == "dumb" || term == nil || term == "" {
            kind = .dumb
        } else {
            kind = .full
        }
    }

    /// The size now; 80 × 24 where the terminal does not say.
    var size: TerminalSize { Self.size(of: output) }

    /// The size of the terminal that a descriptor belongs to.
    static func size(of output: CInt) -> TerminalSize {
        var columns: CInt = 0
        var rows: CInt = 0
        guard csupport_terminal_size(output, &columns, &rows) == 0, columns > 0, rows > 0 else {
            return TerminalSize(columns: 80, rows: 24)
        }
        return TerminalSize(columns: Int(columns), rows: Int(rows))
    }

    /// Runs the body in raw mode, and restores the mode however it ends; also at `exit` and on a signal.
    func raw<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        enterRaw()
        defer { leaveRaw() }
        return try body()
    }

    func enterRaw() { _ = csupport_terminal_enter_raw(input, output) }
    func leaveRaw() { csupport_terminal_leave_raw() }
}

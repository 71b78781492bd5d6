/// Everything that is not a result goes through here to standard error.
struct Diagnostics: Sendable {
    var palette = Palette.plain
    var isVerbose = false
    private let write: @Sendable (String) -> Void

    init(
        palette: Palette = .plain, isVerbose: Bool = false,
        write: @escaping @Sendable (String) -> Void = { Descriptor.write($0, to: Descriptor.error) }
    ) {
        self.palette = palette
        self.isVerbose = isVerbose
        self.write = write
    }

    /// Prints an error with its traceback and its hint.
    func report(_ failure: Failure) {
        var text = palette.paint("error:", .red) + " " + failure.message + "\n"
        if let excerpt = failure.excerpt { text += excerpt + "\n" }
        if let traceback = failure.traceback, !traceback.isEmpty { text += palette.paint(traceback, .dim) + "\n" }
        if let hint = failure.hint { text += hintLine(hint) }
        write(text)
    }

    /// Prints what is probably to be done.
    func hint(_ text: String) { write(hintLine(text)) }

    private func hintLine(_ text: String) -> String { palette.paint("hint:", .cyan) + " " + text + "\n" }

    /// Prints a warning.
    func warn(_ message: String) { write(palette.paint("warning:", .yellow) + " " + message + "\n") }

    /// Warns that the process ends with records under way.
    func warnOfUnacknowledged(_ counts: ProgressCounts) {
        let count = counts.sent - counts.delivered - counts.failed
        guard count > 0 else { return }
        warn("\(ProgressLine.grouped(count)) \(count == 1 ? "record was" : "records were") not acknowledged")
    }

    /// Prints something that is good to know.
    func note(_ message: String) { write(message + "\n") }

    /// Prints something that is good to know for whoever asked with `-v`.
    func detail(_ message: @autoclosure () -> String) {
        if isVerbose { write(palette.paint(message(), .dim) + "\n") }
    }
}

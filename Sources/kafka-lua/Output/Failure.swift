/// What went wrong, for the person at the terminal.
struct Failure: Error, Equatable, Sendable {
    var message: String
    /// What to do about it.
    var hint: String?
    /// The line that is at fault, with a caret below the place.
    var excerpt: String?
    /// The calls that led there, outermost last, a line each.
    var traceback: String?
    /// What the process answers with: 1, or 2 when it was called wrongly.
    var exitCode: Int32 = 1

    init(
        _ message: String, hint: String? = nil, excerpt: String? = nil, traceback: String? = nil, exitCode: Int32 = 1
    ) {
        self.message = message
        self.hint = hint
        self.excerpt = excerpt
        self.traceback = traceback
        self.exitCode = exitCode
    }

    /// Any error: what it says of itself.
    init(_ error: any Error) { self = error as? Failure ?? Failure(String(describing: error)) }

    /// Runs the body, whose errors all become failures.
    static func catching<Result>(_ body: () throws -> Result) throws(Failure) -> Result {
        do { return try body() } catch { throw Failure(error) }
    }

    /// A wrong call of the program.
    static func usage(_ message: String, hint: String? = nil) -> Failure {
        Failure(message, hint: hint, exitCode: 2)
    }
}

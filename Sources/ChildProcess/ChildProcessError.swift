/// Why a program could not be run to its end.
public enum ChildProcessError: Error, Equatable, CustomStringConvertible {
    /// The system refused to start it, for the reason given.
    case notStarted(program: String, reason: String)
    /// It did not do what was waited for in the time given; what it had written by then.
    case deadline(Duration, output: String, errors: String)

    public var description: String {
        switch self {
        case .notStarted(let program, let reason): "\(program) could not be started: \(reason)"
        case .deadline(let limit, let output, let errors): "not done within \(limit); output: \(output)\(errors)"
        }
    }
}

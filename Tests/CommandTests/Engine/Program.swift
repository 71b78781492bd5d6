import ChildProcess

/// The built program, in processes of its own.
enum Program {
    /// Neither this user's history nor settings play a part: below a file nobody, not even root, makes a folder.
    static let environment = [
        "HOME": "/dev/null", "XDG_CONFIG_HOME": "/dev/null", "XDG_STATE_HOME": "/dev/null", "NO_COLOR": "1",
    ]

    static func path() throws -> String { try BuiltProduct("kafka-lua").path }

    /// Runs it to its end.
    static func run(
        _ arguments: String..., input: String = "", within limit: Duration = .seconds(20)
    ) async throws -> Outcome {
        try await ChildProcess.run(path(), arguments, input: input, environment: environment, within: limit)
    }

    static func start(_ arguments: String...) throws -> ChildProcess {
        try ChildProcess(path(), arguments, environment: environment)
    }
}

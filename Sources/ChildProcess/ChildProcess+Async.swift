import Dispatch

extension ChildProcess {
    /// Runs a program to its end with the input given; no thread of the pool that runs tasks is blocked meanwhile.
    public static func run(
        _ program: String, _ arguments: [String] = [], input: String = "", environment: [String: String] = [:],
        within limit: Duration = .seconds(30)
    ) async throws(ChildProcessError) -> Outcome {
        let result: Result<Outcome, ChildProcessError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    returning: Result { () throws(ChildProcessError) in
                        try runBlocking(program, arguments, input: input, environment: environment, within: limit)
                    })
            }
        }
        return try result.get()
    }
}

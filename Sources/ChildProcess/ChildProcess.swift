#if canImport(Darwin)
    public import Darwin
#else
    public import Glibc
#endif

/// A program in a process of its own, with pipes to its input and from its output.
///
/// It is killed, by its own id, when the value goes out of scope before the program has ended.
/// Its input closes then as well, so that a program that ends with its input also ends with a parent that crashed.
/// Not for use from more than one thread; each call blocks at most for the time it is given.
public struct ChildProcess: ~Copyable {
    /// Where what the program writes to standard error goes.
    public enum Errors: Sendable {
        case captured
        case inherited
    }

    /// The process's id.
    public let id: pid_t
    private var pipes: Pipes
    private var ended = false

    /// Starts a program that is found by path, or by name in `PATH`.
    ///
    /// - Parameter environment: variables added to those of this process, or put in their place.
    /// - Throws: `ChildProcessError.notStarted` where there is no such program.
    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
        errors: Errors = .captured
    ) throws(ChildProcessError) {
        pipes = Pipes()
        id = try Spawn(program: program, arguments: arguments, environment: environment, errors: errors).start(&pipes)
    }

    deinit {
        guard !ended else { return }
        kill(id, SIGKILL)
        waitpid(id, nil, 0)
    }

    /// Writes text to the program's input, which stays open.
    public mutating func write(_ text: String, within limit: Duration = .seconds(10)) throws(ChildProcessError) {
        let deadline = ContinuousClock.now + limit
        pipes.enqueue(text)
        while pipes.hasInput {
            try progress(until: deadline, limit)
        }
    }

    /// Closes the program's input.
    public mutating func closeInput() {
        pipes.closeInput()
    }

    /// The next line of the program's output without its end; nil after the last one.
    public mutating func readLine(within limit: Duration = .seconds(10)) throws(ChildProcessError) -> String? {
        let deadline = ContinuousClock.now + limit
        while true {
            if let line = pipes.takeLine() { return line }
            guard pipes.isOpen else { return pipes.takeRest() }
            try progress(until: deadline, limit)
        }
    }

    /// Asks the program to end, as Ctrl-C (`SIGINT`) or `kill` (`SIGTERM`) do.
    public func signal(_ number: Int32) {
        guard !ended else { return }
        kill(id, number)
    }

    /// Closes the input, reads the output that is left and waits for the program to end.
    public mutating func finish(within limit: Duration = .seconds(30)) throws(ChildProcessError) -> Outcome {
        let deadline = ContinuousClock.now + limit
        while pipes.hasInput, pipes.isOpen {
            try progress(until: deadline, limit)
        }
        pipes.closeInput()
        while pipes.isOpen {
            try progress(until: deadline, limit)
        }
        var status: Int32 = 0
        while waitpid(id, &status, WNOHANG) == 0 {
            guard ContinuousClock.now < deadline else { throw pastDeadline(limit) }
            // Both outputs are closed: the end is a moment away, and there is nothing portable to wait for it with.
            usleep(1000)
        }
        ended = true
        return Outcome(waitStatus: status, output: pipes.takeOutput(), errors: pipes.takeErrors())
    }

    /// `run` for callers that cannot suspend.
    public static func runBlocking(
        _ program: String, _ arguments: [String] = [], input: String = "", environment: [String: String] = [:],
        within limit: Duration = .seconds(30)
    ) throws(ChildProcessError) -> Outcome {
        var child = try ChildProcess(program, arguments, environment: environment)
        child.pipes.enqueue(input)
        return try child.finish(within: limit)
    }

    private mutating func progress(
        until deadline: ContinuousClock.Instant, _ limit: Duration
    ) throws(ChildProcessError) {
        guard pipes.progress(until: deadline) else { throw pastDeadline(limit) }
    }

    private mutating func pastDeadline(_ limit: Duration) -> ChildProcessError {
        .deadline(limit, output: pipes.takeOutput(), errors: pipes.takeErrors())
    }
}

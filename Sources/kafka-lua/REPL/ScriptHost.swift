/// A running Lua, as the prompt and `run` see it.
///
/// Everything but ``interrupt()`` and ``undelivered`` is called on one thread, the one that made the host.
protocol ScriptHost: Interruptible {
    /// Compiles a chunk without running it.
    func check(_ source: String, name: String) -> ChunkStatus

    /// Adds to the failure of a check where in the text that was typed it is, and what to do about it.
    func explained(_ failure: Failure, inTyped text: String) -> Failure

    /// Runs a chunk to its end.
    ///
    /// - Parameter arguments: What `...` and the global `arg` hold; nil leaves `arg` as it is.
    func run(_ source: String, name: String, arguments: [String]?) -> Evaluation

    /// Calls a function of the host's own, whatever a script has made of the global of that name.
    func call(_ call: HostCall) -> Evaluation

    /// What producers are made from. Where nobody named a broker, it names the one in this process.
    var configuration: ClientConfiguration { get }

    /// Makes producers from something else from now on; that of the globals delivers what it has and is made anew.
    func use(_ configuration: ClientConfiguration) throws(Failure)

    /// Makes the last result's first value `_` and `_1`, and what was `_1` `_2`, up to `_9`.
    func keepResult()

    /// Runs the callbacks and timers that are due, and returns. What they raise is reported by the host.
    func runDueCallbacks()

    /// Calls the closure, from any thread, when callbacks are due. It must do no more than wake the thread of the host.
    func onDueCallbacks(_ wake: @escaping @Sendable () -> Void)

    /// The names in the value that a path of names leads to, each with the type of what it names; those of the globals
    /// for an empty path. Runs nothing of the script's.
    func names(in path: [String]) -> [String: String]

    /// What became of the records so far; nil where nothing is counted.
    var statistics: DeliveryFigures? { get }

    /// Counts anew.
    func resetStatistics()

    /// Sends what waits and waits for it, until ``interrupt()``. Returns what could not be delivered.
    func close() -> [Failure]
}

/// Something that runs until it ends or is interrupted.
protocol Interruptible: AnyObject, Sendable {
    /// Stops what is running; a chunk ends with ``Evaluation/interrupted``. When nothing runs, it does nothing, and does
    /// not stop what runs next. From any thread.
    func interrupt()

    /// Records that were sent and not acknowledged so far, by topic. From any thread.
    var undelivered: [String: Int] { get }
}

/// A call of one of the host's functions by a command of the prompt.
enum HostCall: Equatable, Sendable {
    case topics, scripts, generations
    case send(topic: String, value: String, key: String?)
    case swap(role: String, file: String)
    case rollback(role: String)
    case generation(role: String)
    case watch(Bool)
}

/// Whether a chunk can be run.
enum ChunkStatus: Equatable, Sendable {
    case complete
    /// The compiler met the end of the text where more must come.
    case incomplete
    case invalid(Failure)
}

/// How a chunk ended.
enum Evaluation: Equatable, Sendable {
    case values([PrintableValue])
    case failed(Failure)
    case interrupted
    /// `os.exit` with this code.
    case exit(Int32)
}

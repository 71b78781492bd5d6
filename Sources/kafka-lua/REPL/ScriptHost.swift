/// A running Lua, as the prompt and `run` see it.
///
/// Everything but ``interrupt()`` and ``undelivered`` is called on one thread, the one that made the host.
protocol ScriptHost: AnyObject, Sendable {
    /// Compiles a chunk without running it.
    func check(_ source: String, name: String) -> ChunkStatus

    /// Runs a chunk to its end.
    ///
    /// - Parameter arguments: What `...` and the global `arg` hold; nil leaves `arg` as it is.
    func run(_ source: String, name: String, arguments: [String]?) -> Evaluation

    /// Makes the last result's first value `_` and `_1`, and what was `_1` `_2`, up to `_9`.
    func keepResult()

    /// Runs the callbacks and timers that are due, and returns. What they raise is reported by the host.
    func runDueCallbacks()

    /// Calls the closure, from any thread, when callbacks are due. It must do no more than wake the thread of the host.
    func onDueCallbacks(_ wake: @escaping @Sendable () -> Void)

    /// Names that could stand at the cursor.
    func completion(of text: String, cursor: Int) -> Completion

    /// Stops what is running; it ends with ``Evaluation/interrupted``. When nothing runs, it does nothing, and does not
    /// stop what runs next. From any thread.
    func interrupt()

    /// Records that were sent and not acknowledged so far, by topic. From any thread.
    var undelivered: [String: Int] { get }

    /// What became of the records so far; nil where nothing is counted.
    var statistics: DeliveryFigures? { get }

    /// Counts anew.
    func resetStatistics()

    /// Sends what waits and waits for it, until ``interrupt()``. Returns what could not be delivered.
    func close() -> [Failure]
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

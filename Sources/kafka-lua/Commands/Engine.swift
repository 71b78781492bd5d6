/// What the commands need of the producer, the broker and Lua.
///
/// The commands read arguments and print; behind this protocol is what they do. Every function throws ``Failure``.
protocol Engine: Sendable {
    /// Starts Lua, with the `kafka` module and the globals of scripts. Where the configuration names no broker, one is
    /// started in this process.
    func makeScriptHost(_ request: ScriptRequest) throws(Failure) -> any ScriptHost

    /// Opens a producer.
    func makeSender(
        _ configuration: ClientConfiguration, _ diagnostics: Diagnostics
    ) throws(Failure) -> any RecordSender

    /// Opens a reader of one topic.
    func makeReader(
        _ configuration: ClientConfiguration, _ request: TailRequest, _ diagnostics: Diagnostics
    ) throws(Failure) -> any RecordReader

    /// What there is to know of a topic: a list with a table for each partition.
    func describe(_ topic: String, configuration: ClientConfiguration) throws(Failure) -> PrintableValue

    /// The names of the topics.
    func topicNames(_ configuration: ClientConfiguration) async throws -> [String]

    /// Starts a broker.
    func makeBroker(_ request: BrokerRequest) throws(Failure) -> any RunningBroker
}

/// What a script host is made from.
struct ScriptRequest: Sendable {
    var configuration: ClientConfiguration
    /// Where `print`, `io.write` and notices of deliveries go.
    var console: Console
    var diagnostics: Diagnostics
    /// Whether `send`, `flush`, `tail` and `topics` announce deliveries, as the prompt does.
    var isInteractive: Bool
}

/// A producer of records whose keys and values are bytes.
protocol RecordSender: AnyObject {
    /// Hands a record over; waits while there is no memory for it.
    func send(_ record: OutgoingRecord) throws(Failure)

    /// What became of the records so far. From any thread.
    var counts: ProgressLine.Counts { get }

    /// Waits for all that was sent. Returns what could not be delivered.
    /// - Parameter isComplete: whether all that was to be sent was handed over, so that a transaction may be committed.
    func close(isComplete: Bool) -> [Failure]
}

/// A reader of the records of a topic.
protocol RecordReader: AnyObject {
    /// The next record. Waits for it; nil when the end was reached and asked for, or after ``stop()``.
    func next() throws(Failure) -> PrintableRecord?

    /// Ends a wait in ``next()``. From any thread.
    func stop()
}

/// A broker that serves until it is stopped.
protocol RunningBroker: AnyObject {
    /// Where it listens, one address a node.
    var addresses: [String] { get }

    /// Closes the listeners and writes what is to be kept.
    func stop()
}

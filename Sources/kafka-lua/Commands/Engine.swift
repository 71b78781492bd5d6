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
        _ configuration: ClientConfiguration, _ request: TailRequest, _ diagnostics: Diagnostics,
        until interruption: Interruption
    ) throws(Failure) -> any RecordReader

    /// What there is to know of a topic: a list with a table for each partition.
    func describe(
        _ topic: String, configuration: ClientConfiguration, until interruption: Interruption
    ) throws(Failure) -> PrintableValue

    /// The names of the topics.
    func topicNames(_ configuration: ClientConfiguration) async throws -> [String]
    /// Makes ready what `perf` measures.
    func makeLoadTest(
        _ configuration: ClientConfiguration, _ request: LoadRequest, _ diagnostics: Diagnostics
    ) throws(Failure) -> LoadTest

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
    /// How the progress of what takes long is shown.
    var progress = ProgressLine.Style.none
}

/// A reader of the records of a topic.
protocol RecordReader: AnyObject {
    /// The next record. Waits for it; nil when the end was reached and asked for, or after the interruption.
    func next() throws(Failure) -> PrintableRecord?
}

/// A broker that serves until it is stopped.
protocol RunningBroker: AnyObject {
    /// Where it listens, one address a node.
    var addresses: [String] { get }

    /// Closes the listeners and writes what is to be kept.
    func stop()
}

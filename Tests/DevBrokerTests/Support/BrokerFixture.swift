import DevBroker
import KafkaWire
import Logging
import Synchronization

/// Runs a broker for as long as `body` takes.
func withBroker<Result>(
    _ configure: (inout DevBrokerConfiguration) -> Void = { _ in },
    _ body: (DevBroker) async throws -> Result
) async throws -> Result {
    var configuration = DevBrokerConfiguration()
    configuration.logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    configure(&configuration)
    let broker = DevBroker(configuration)
    try await broker.start()
    do {
        let result = try await body(broker)
        try await broker.shutdown()
        return result
    } catch {
        try await broker.shutdown()
        throw error
    }
}

extension DevBroker {
    /// Connects to a node, the first one if nobody says.
    func connect(node: Int = 1) throws -> TestConnection {
        try TestConnection(port: addresses[node - 1].port)
    }

    func values(_ topic: String, partition: Int = 0) throws -> [String] {
        try records(topic: topic, partition: partition).map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }
}

/// Keeps what is logged.
struct CapturedLog: LogHandler {
    final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        func append(_ line: String) { lines.withLock { $0.append(line) } }

        func contains(_ part: String) -> Bool { lines.withLock { $0.contains { $0.contains(part) } } }
    }

    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    static func logger(_ lines: Lines) -> Logger {
        Logger(label: "test", factory: { _ in CapturedLog(lines: lines) })
    }

    func log(event: LogEvent) { lines.append("\(event.message)") }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}

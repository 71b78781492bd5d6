import Logging

/// What a logger was told.
struct LoggedWarnings: Sendable {
    private let log = Log<String>()

    var messages: [String] { log.entries }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: log) } }

    private struct Handler: LogHandler {
        let log: Log<String>
        var logLevel = Logger.Level.warning
        var metadata: Logger.Metadata = [:]

        init(log: Log<String>) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { log.append(event.message.description) }
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

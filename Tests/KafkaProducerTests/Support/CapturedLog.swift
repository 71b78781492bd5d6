import Logging

/// Keeps what is logged, from the level of warnings on.
struct CapturedLog: LogHandler {
    let lines: Log<String>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    static func logger(_ lines: Log<String>) -> Logger {
        Logger(label: "test", factory: { _ in CapturedLog(lines: lines) })
    }

    func log(event: LogEvent) { lines.append("\(event.message)") }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}

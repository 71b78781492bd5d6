import Logging

/// Sends log messages to standard error: warnings always, everything with `-v`.
struct DiagnosticsLog: LogHandler {
    private let diagnostics: Diagnostics
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    static func logger(_ diagnostics: Diagnostics) -> Logger {
        Logger(label: "kafka-lua") { _ in
            DiagnosticsLog(diagnostics: diagnostics, logLevel: diagnostics.isVerbose ? .debug : .warning)
        }
    }

    private init(diagnostics: Diagnostics, logLevel: Logger.Level) {
        self.diagnostics = diagnostics
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        if event.level >= .warning {
            diagnostics.warn(event.message.description)
        } else {
            diagnostics.detail(event.message.description)
        }
    }
}

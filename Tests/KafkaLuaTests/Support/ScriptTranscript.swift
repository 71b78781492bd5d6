import Dispatch
import KafkaLua
import KafkaProducer
import Logging
import LuaRuntime
import Synchronization

/// What a script did: its results, and all that it said.
struct ScriptTranscript: Sendable {
    var values: [LuaValue] = []
    /// Why it ended early.
    var error: LuaError?
    /// Why its end was cut short.
    var closeError: LuaError?
    var exitCode: Int32?
    /// What `print` wrote, line by line.
    var output: [String] = []
    /// What was raised in callbacks.
    var reports: [String] = []
    /// Warnings.
    var log: [String] = []
    var deliveries: [DeliveryReport] = []

    /// The results as texts, for comparisons that read well.
    var texts: [String] { values.map(\.plainText) }
}

/// Runs scripts, each on a thread of its own, as the program does.
struct ScriptRunner: Sendable {
    var properties: [(key: String, value: String)]

    init(_ broker: TestBroker? = nil, _ properties: [(String, String)] = []) {
        // Where no test listens, nobody does: the system gives port 1 to nobody.
        self.properties = [("bootstrap.servers", broker?.bootstrapServers ?? "127.0.0.1:1"), ("linger.ms", "0")]
        self.properties += properties.map { (key: $0.0, value: $0.1) }
    }

    /// Runs a script to its end and closes what it made.
    /// - Parameters:
    ///   - onPrint: called with each line that the script prints, on the script's thread, and what interrupts it.
    ///   - patience: how long the end may take; nil for as long as it does.
    func run(
        _ source: String, name: String = "@test.lua", arguments: [String]? = nil,
        closingWithin patience: Duration? = nil,
        onPrint: @escaping @Sendable (String, @escaping @Sendable () -> Void) -> Void = { _, _ in }
    ) async throws -> ScriptTranscript {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "script").async {
                continuation.resume(
                    with: Result {
                        try perform(source, name: name, arguments: arguments, patience: patience, onPrint: onPrint)
                    })
            }
        }
    }

    private func perform(
        _ source: String, name: String, arguments: [String]?, patience: Duration?,
        onPrint: @escaping @Sendable (String, @escaping @Sendable () -> Void) -> Void
    ) throws -> ScriptTranscript {
        let said = Said()
        var options = ScriptOptions(
            properties: properties, logger: Logger(label: "test") { _ in said.logHandler },
            output: { line in
                said.lines.withLock { $0.append(String(line.dropLast())) }
                onPrint(String(line.dropLast())) { said.interrupt.withLock { $0 }?() }
            },
            report: { error in said.reports.withLock { $0.append("\(error)") } })
        options.onDeliveries = nil
        let environment = try ScriptEnvironment(options)
        said.interrupt.withLock { $0 = environment.interrupt }
        defer { said.interrupt.withLock { $0 = nil } }
        var transcript = ScriptTranscript()
        do throws(LuaError) {
            transcript.values = try environment.run(source, name: name, arguments: arguments) {
                (frame) throws(LuaError) in try frame.values()
            }
        } catch {
            transcript.error = error
        }
        do throws(LuaError) { try environment.close(within: patience) } catch { transcript.closeError = error }
        transcript.exitCode = environment.exitCode
        transcript.deliveries = environment.deliveryReports
        transcript.output = said.lines.withLock { $0 }
        transcript.reports = said.reports.withLock { $0 }
        transcript.log = said.log.withLock { $0 }
        return transcript
    }

    private final class Said: Sendable {
        let lines = Mutex<[String]>([])
        let reports = Mutex<[String]>([])
        let log = Mutex<[String]>([])
        let interrupt = Mutex<(@Sendable () -> Void)?>(nil)

        var logHandler: any LogHandler { Handler(said: self) }

        private struct Handler: LogHandler {
            let said: Said
            var logLevel = Logger.Level.warning
            var metadata: Logger.Metadata = [:]

            init(said: Said) { self.said = said }

            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }

            func log(event: LogEvent) { said.log.withLock { $0.append(event.message.description) } }
        }
    }
}

extension LuaValue {
    /// The value as a test writes it.
    var plainText: String {
        switch self {
        case .nil: "nil"
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string: text ?? ""
        case .table(let table):
            "{" + table.pairs.map { "\($0.key.plainText)=\($0.value.plainText)" }.sorted().joined(separator: ",") + "}"
        case .function: "function"
        case .reference: "reference"
        case .other(let type, _): type
        }
    }
}

import KafkaLua
import KafkaProducer
import LuaRuntime

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Lua with the `kafka` module, and where nobody named a broker, a broker with it.
final class LuaScriptHost: ScriptHost, @unchecked Sendable {
    let environment: ScriptEnvironment
    private let broker: EmbeddedBroker?
    private let diagnostics: Diagnostics
    private let console: Console
    private let progress: ProgressLine.Style
    /// Counts what becomes of records, where a person may ask.
    private let recorder: DeliveryRecorder?
    private let interruption: @Sendable () -> Void
    let names: LuaNames
    private let functions: HostFunctions
    private(set) var configuration: ClientConfiguration
    /// What `_` and `_1` to `_9` hold, the last first.
    private var results: [LuaReference] = []
    private var lastResult: LuaReference?
    private var wasInterrupted = false

    /// How long the prompt waits for the record whose future it is to print.
    private static let futurePatience = Duration.seconds(1)
    /// How long the end of a script that was interrupted waits for what it had sent. What is left is named.
    private static let patienceAfterInterruption = Duration.seconds(1)

    init(_ request: ScriptRequest) throws(Failure) {
        var configuration = request.configuration
        if request.configuration.namesBroker {
            broker = nil
        } else {
            let broker = try EmbeddedBroker.forScripts()
            self.broker = broker
            configuration.set(ClientConfiguration.bootstrapKey, broker.addresses.joined(separator: ","))
            if request.isInteractive {
                request.diagnostics.note("embedded broker on \(broker.addresses.joined(separator: ",")), in memory")
            }
        }
        // A wrong key is told now, not at the first record.
        _ = try configuration.forProducers.producerConfiguration()
        self.configuration = configuration
        let (console, diagnostics) = (request.console, request.diagnostics)
        self.diagnostics = diagnostics
        self.console = console
        progress = request.progress
        let recorder = request.isInteractive ? DeliveryRecorder() : nil
        self.recorder = recorder
        var options = ScriptOptions(
            properties: configuration.properties, logger: DiagnosticsLog.logger(diagnostics),
            output: { console.write($0) },
            report: { diagnostics.report(Failure(script: $0)) })
        options.interruptSignal = SIGURG
        if request.isInteractive { options.onDeliveries = { console.write(Self.notice($0)) } }
        if let recorder { options.measure = { recorder.callback() } }
        do throws(LuaError) {
            environment = try ScriptEnvironment(options)
            // `print` goes to the console and `io.write` does not: without a buffer the two keep their order.
            try environment.run("io.stdout:setvbuf('no')", name: "=\(Traceback.hostChunk)") { _ in }
            names = try LuaNames(environment.state)
            functions = try HostFunctions(environment.state)
            if case .redrawn = progress { try environment.state.announceWrites { console.hideStatus(endsLine: $0) } }
        } catch {
            throw Failure(script: error)
        }
        interruption = environment.interrupt
    }

    private static func notice(_ deliveries: [ScriptOptions.Delivery]) -> String {
        var notice = DeliveryNotice()
        for delivery in deliveries {
            if let error = delivery.error {
                notice.add(failure: "\(delivery.topic): \(error)")
            } else {
                notice.add(deliveredAt: "\(delivery.topic)-\(delivery.partition) @ \(delivery.offset)")
            }
        }
        return notice.take()
    }

    // MARK: - ScriptHost

    func check(_ source: String, name: String) -> ChunkStatus {
        do throws(LuaError) {
            try environment.check(source, name: name)
            return .complete
        } catch {
            return isIncomplete(error, source) ? .incomplete : .invalid(Failure(script: error))
        }
    }

    func run(_ source: String, name: String, arguments: [String]?) -> Evaluation {
        environment.exitCode = nil
        let reporter = reporter()
        defer { reporter.end() }
        defer { environment.state.interrupt.clear() }
        do throws(LuaError) {
            let values = try environment.run(source, name: name, arguments: arguments) { (frame) throws(LuaError) in
                lastResult = frame.count > 0 ? try frame.reference(frame[1]) : nil
                return try printable(frame)
            }
            // A script has ended when its callbacks have run: one of them may still call os.exit, or be interrupted.
            if arguments != nil { try environment.settle() }
            return .values(values)
        } catch {
            if let code = environment.exitCode { return .exit(code) }
            guard error.kind == .interrupted else { return .failed(failure(error, in: source, name: name)) }
            wasInterrupted = arguments != nil
            return .interrupted
        }
    }

    func call(_ call: HostCall) -> Evaluation {
        defer { environment.state.interrupt.clear() }
        do throws(LuaError) {
            return .values(
                try functions.call(call) { (frame) throws(LuaError) in
                    lastResult = frame.count > 0 ? try frame.reference(frame[1]) : nil
                    return try printable(frame)
                })
        } catch {
            return error.kind == .interrupted ? .interrupted : .failed(Failure(script: error))
        }
    }

    func use(_ configuration: ClientConfiguration) throws(Failure) {
        _ = try configuration.forProducers.producerConfiguration()
        defer { environment.state.interrupt.clear() }
        do throws(LuaError) {
            try environment.use(configuration.properties)
        } catch {
            throw error.kind == .interrupted
                ? Failure("interrupted: the configuration is as before; what send() had not delivered was given up")
                : Failure(script: error)
        }
        self.configuration = configuration
    }

    /// The results as they are printed. A future is printed as what became of its record; where the prompt has shown
    /// the delivery already, it is not said twice.
    private func printable(_ frame: borrowing LuaFrame) throws(LuaError) -> [PrintableValue] {
        var values: [PrintableValue] = []
        for number in 0..<frame.count {
            let slot = frame[number + 1]
            guard let outcome = try environment.outcome(of: slot, in: frame, waiting: Self.futurePatience) else {
                values.append(try PrintableValue(slot, in: frame))
                continue
            }
            if let error = outcome.error {
                values.append(.opaque("\(error)"))
            } else if !outcome.isShown {
                values.append(PrintableValue(outcome.metadata))
            }
        }
        return values
    }

    /// Shows how far the records are, once what runs has taken a while.
    /// - Parameter isLast: whether no more will be sent, so that the time left is known.
    private func reporter(isLast: Bool = false) -> ProgressReporter {
        let style = progress
        let counts: @Sendable () -> ProgressCounts = { [self] in
            guard style != .none else { return ProgressCounts() }
            var counts = ProgressCounts(environment.deliveryReports)
            counts.bytes = environment.bytesSent
            if isLast { counts.part = Double(counts.delivered + counts.failed) / Double(max(1, counts.sent)) }
            return counts
        }
        return ProgressReporter(style, counts: counts) { [console] text in
            if style == .lines { Descriptor.write(text, to: Descriptor.error) } else { console.showStatus(text) }
        } hide: { [console] in
            console.hideStatus()
        }
    }

    var statistics: DeliveryFigures? {
        guard var figures = recorder?.figures else { return nil }
        for report in environment.deliveryReports { figures.know(partitions: Int(report.partitions), of: report.topic) }
        return figures
    }

    func resetStatistics() { recorder?.reset() }

    func keepResult() {
        guard let lastResult else { return }
        results = [lastResult] + results.prefix(8)
        for (index, result) in results.enumerated() {
            try? environment.state.setGlobal("_\(index + 1)") { $0.append(result) }
        }
        try? environment.state.setGlobal("_") { $0.append(lastResult) }
    }

    func runDueCallbacks() {
        defer { environment.state.interrupt.clear() }
        do throws(LuaError) { try environment.runDueCallbacks() } catch { diagnostics.report(Failure(script: error)) }
    }

    func onDueCallbacks(_ wake: @escaping @Sendable () -> Void) { environment.onDueCallbacks(wake) }

    func names(in path: [String]) -> [String: String] { names.names(in: path) }

    func interrupt() { interruption() }

    var undelivered: [String: Int] {
        Dictionary(
            environment.deliveryReports.lazy.filter { $0.pending > 0 }.map { ($0.topic, $0.pending) },
            uniquingKeysWith: +)
    }

    func close() -> [Failure] {
        var failures: [Failure] = []
        environment.state.interrupt.clear()
        let reporter = reporter(isLast: true)
        defer { reporter.end() }
        let patience = wasInterrupted ? Self.patienceAfterInterruption : nil
        do throws(LuaError) { try environment.close(within: patience) } catch {
            failures.append(Failure(script: error))
        }
        failures += environment.deliveryReports.failures
        broker?.stop()
        return failures
    }
}

extension ClientConfiguration {
    fileprivate var properties: [(key: String, value: String)] { entries.map { ($0.key, $0.value) } }
}

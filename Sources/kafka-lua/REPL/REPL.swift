/// The loop of the prompt: reads blocks, runs them, prints their results.
///
/// Runs on one thread, that of the host. While it waits for a block, callbacks that are due run on it as well.
struct REPL {
    let host: any ScriptHost
    let reader: any BlockReader
    let console: Console
    let interrupts: Interrupts
    let diagnostics: Diagnostics
    /// With the width of the terminal, which may change.
    var printer: ValuePrinter {
        var printer = plainPrinter
        if let width = width() { printer.limits.width = width }
        return printer
    }
    private let plainPrinter: ValuePrinter
    private let width: () -> Int?
    var engine: any Engine = Engines.current
    var session: REPLSession
    /// What `\edit` opens.
    private var lastBlock = ""

    init(
        host: any ScriptHost, reader: any BlockReader, console: Console, interrupts: Interrupts,
        diagnostics: Diagnostics, printer: ValuePrinter, width: @escaping () -> Int? = { nil }, session: REPLSession
    ) {
        self.host = host
        self.reader = reader
        self.console = console
        self.interrupts = interrupts
        self.diagnostics = diagnostics
        plainPrinter = printer
        self.width = width
        self.session = session
    }

    /// Runs until the end of the input. Returns the exit code of the process.
    mutating func run() -> Int32 {
        let console = self.console
        host.onDueCallbacks { console.wake() }
        var code = interrupts.sessionExitCode
        while code == nil {
            let input = reader.read(isComplete: isComplete, idle: idle)
            if case .block(let block) = input, !block.hasPrefix("\\") { lastBlock = block }
            code = perform(session.received(input, check: check))
            // One that came when a chunk had just ended has interrupted nothing.
            if code == nil, !session.isInteractive, interrupts.haveCome { code = interrupts.exitCode }
            code = interrupts.sessionExitCode ?? code
        }
        let end = close()
        return max(interrupts.sessionExitCode ?? code ?? 0, end)
    }

    private func check(_ source: String) -> ChunkStatus { host.check(source, name: ChunkPlan.chunkName) }

    private func isComplete(_ block: String) -> Bool { ChunkPlan(block, check: check) != .incomplete }

    private func idle() { interrupts.whileRunning(host) { host.runDueCallbacks() } }

    /// Does what the session says; returns the exit code when it ends.
    private mutating func perform(_ action: REPLSession.Action) -> Int32? {
        switch action {
        case .read: return nil
        case .print(let text):
            console.write(text)
            return nil
        case .stats(let request):
            do throws(Failure) {
                console.write(try request.answer(host, chartStyle))
                return nil
            } catch {
                return report(error)
            }
        case .report(let failure): return report(failure)
        case .help(let topic): return attempt { () throws(Failure) in try help(topic) }
        case .refuse(let source, let failure):
            return report(host.explained(failure, inTyped: source))
        case .quit: return 0
        case .quitInterrupted: return interrupts.exitCode
        case .source(let path): return attempt { () throws(Failure) in try self.source(path) }
        case .edit(let path?): return attempt { () throws(Failure) in try edit(file: path) }
        case .edit(nil):
            do throws(Failure) {
                let block = try edited(lastBlock)
                return perform(session.received(.block(block), check: check))
            } catch {
                return report(error)
            }
        case .describe(let topic): return attempt { () throws(Failure) in try describe(topic) }
        case .follow(let topic): return attempt { () throws(Failure) in try follow(topic) }
        case .use(let name): return attempt { () throws(Failure) in try use(name) }
        case .set(let request): return attempt { () throws(Failure) in try set(request) }
        case .call(let call): return evaluate(printsResult: true) { $0.call(call) }
        case .run(let source, let name, let printsResult):
            return run(source, name: name, printsResult: printsResult)
        }
    }

    private var chartStyle: ChartStyle {
        ChartStyle(
            width: printer.limits.width, glyphs: .of(environment: ProcessEnvironment.value), palette: printer.palette)
    }

    /// Reports the failure of a command.
    private func attempt(_ body: () throws(Failure) -> Int32?) -> Int32? {
        do throws(Failure) {
            return try body()
        } catch {
            // The program was called rightly.
            var failure = error
            failure.exitCode = 1
            return report(failure)
        }
    }

    func run(_ source: String, name: String, printsResult: Bool) -> Int32? {
        evaluate(printsResult: printsResult) { $0.run(source, name: name, arguments: nil) }
    }

    private func evaluate(printsResult: Bool, _ body: (any ScriptHost) -> Evaluation) -> Int32? {
        let start = ContinuousClock.now
        let evaluation = interrupts.whileRunning(host, wasEntered: true) { body(host) }
        let duration = ContinuousClock.now - start
        defer { if session.showsTiming { diagnostics.note("time: \(duration)") } }
        switch evaluation {
        case .values(let values):
            if !values.isEmpty { host.keepResult() }
            if printsResult { show(values) }
            return nil
        case .failed(let failure): return report(failure)
        case .interrupted: return interrupted()
        case .exit(let code): return code
        }
    }

    /// Says that Ctrl-C has ended what ran.
    func interrupted() -> Int32? {
        if session.isInteractive { console.noteEcho() }
        return report(Failure("interrupted", exitCode: interrupts.exitCode))
    }

    /// Prints results as the session wants them.
    func show(_ values: [PrintableValue]) {
        guard let text = session.text(of: values, printer: printer) else { return }
        console.endLine()
        console.write(text)
    }

    private func report(_ failure: Failure) -> Int32? {
        if session.isInteractive { console.endLine() }
        diagnostics.report(failure)
        return session.endsAtFailure ? failure.exitCode : nil
    }

    /// Waits for what was sent; names what could not be delivered.
    private func close() -> Int32 {
        let (host, diagnostics) = (host, diagnostics)
        let patience = session.isInteractive ? Task { try await Self.explainWait(for: host, diagnostics) } : nil
        defer { patience?.cancel() }
        let failures = interrupts.whileRunning(host, isClosing: true) { host.close() }
        for failure in failures { diagnostics.report(failure) }
        return failures.isEmpty ? 0 : 1
    }

    /// Says what the end waits for, if that takes long.
    private static func explainWait(for host: any ScriptHost, _ diagnostics: Diagnostics) async throws {
        try await Task.sleep(for: .seconds(1))
        let count = host.undelivered.values.reduce(0, +)
        guard count > 0 else { return }
        let records = count == 1 ? "1 record" : "\(ProgressLine.grouped(count)) records"
        diagnostics.note("waiting for \(records) to be delivered, Ctrl-C gives them up")
    }
}

/// The loop of the prompt: reads blocks, runs them, prints their results.
///
/// Runs on one thread, that of the host. While it waits for a block, callbacks that are due run on it as well.
struct REPL {
    let host: any ScriptHost
    let reader: any BlockReader
    let console: Console
    let interrupts: Interrupts
    let diagnostics: Diagnostics
    let printer: ValuePrinter
    var session: REPLSession

    /// Runs until the end of the input. Returns the exit code of the process.
    mutating func run() -> Int32 {
        let console = self.console
        host.onDueCallbacks { console.wake() }
        var code: Int32?
        while code == nil {
            let input = reader.read(isComplete: isComplete, idle: idle)
            code = perform(session.received(input, check: check))
        }
        return max(code ?? 0, close())
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
        case .quit(let code): return code
        case .source(let path):
            switch Result(catching: { try SourceFile.read(path) }) {
            case .success(let source): return run(source, name: "@\(path)", printsResult: true)
            case .failure(let error): return report(Failure(error))
            }
        case .run(let source, let name, let printsResult):
            return run(source, name: name, printsResult: printsResult)
        }
    }

    private var chartStyle: ChartStyle {
        ChartStyle(
            width: printer.limits.width, glyphs: .of(environment: ProcessEnvironment.value), palette: printer.palette)
    }

    private func run(_ source: String, name: String, printsResult: Bool) -> Int32? {
        let start = ContinuousClock.now
        let evaluation = interrupts.whileRunning(host, wasEntered: true) {
            host.run(source, name: name, arguments: nil)
        }
        let duration = ContinuousClock.now - start
        defer { if session.showsTiming { diagnostics.note("time: \(duration)") } }
        switch evaluation {
        case .values(let values):
            if !values.isEmpty { host.keepResult() }
            if printsResult, let text = session.text(of: values, printer: printer) {
                console.endLine()
                console.write(text)
            }
            return nil
        case .failed(let failure): return report(failure)
        case .interrupted:
            if session.isInteractive { console.noteEcho() }
            return report(Failure("interrupted", exitCode: 130))
        case .exit(let code): return code
        }
    }

    private func report(_ failure: Failure) -> Int32? {
        if session.isInteractive { console.endLine() }
        diagnostics.report(failure)
        return session.endsAtFailure ? failure.exitCode : nil
    }

    /// Waits for what was sent; names what could not be delivered.
    private func close() -> Int32 {
        let failures = interrupts.whileRunning(host) { host.close() }
        for failure in failures { diagnostics.report(failure) }
        return failures.isEmpty ? 0 : 1
    }
}

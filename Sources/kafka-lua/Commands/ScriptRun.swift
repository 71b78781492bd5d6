import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A script host with what belongs to it in a command: the console, Ctrl-C, and the end with its exit code.
struct ScriptRun {
    let host: any ScriptHost
    let console: Console
    let interrupts: Interrupts
    let diagnostics: Diagnostics

    init(common: CommonOptions, isInteractive: Bool = false) throws(Failure) {
        console = Console()
        diagnostics = isInteractive ? common.diagnostics(above: console) : common.diagnostics(beside: console)
        interrupts = Interrupts(console: console, diagnostics: diagnostics)
        host = try Engines.current.makeScriptHost(
            ScriptRequest(
                configuration: common.configuration(), console: console, diagnostics: diagnostics,
                isInteractive: isInteractive, progress: common.progress))
        console.onOutputEnd { [interrupts] in interrupts.outputEnded() }
        let endings = isInteractive ? StopRequest.signals.filter { $0 != SIGINT } : []
        interrupts.listen(to: StopRequest.signals.filter { !endings.contains($0) }, endings: endings)
    }

    /// Runs a chunk, waits for what it sent, and throws the exit code unless all went well.
    func run(_ source: String, name: String, arguments: [String]) throws {
        let evaluation = interrupts.whileRunning(host) { host.run(source, name: name, arguments: arguments) }
        let failures = interrupts.whileRunning(host) { host.close() }
        for failure in failures { diagnostics.report(failure) }
        switch evaluation {
        case .values: if !failures.isEmpty { throw ExitCode(1) }
        case .failed(let failure): throw failure
        case .interrupted: throw ExitCode(interrupts.exitCode)
        case .exit(let code): if code != 0 || !failures.isEmpty { throw ExitCode(code == 0 ? 1 : code) }
        }
    }

    /// Runs the user's `init.lua`, if there is one. What goes wrong in it is reported and ends nothing.
    func runInitialization(environment: (String) -> String?) throws(Failure) {
        guard let path = Self.initializationPath(environment: environment), SourceFile.exists(path) else { return }
        let source = try SourceFile.read(path)
        let evaluation = interrupts.whileRunning(host) { host.run(source, name: "@\(path)", arguments: nil) }
        if case .failed(let failure) = evaluation { diagnostics.report(failure) }
    }

    /// `$XDG_CONFIG_HOME/kafka-lua/init.lua`, or below `~/.config`.
    static func initializationPath(environment: (String) -> String?) -> String? {
        UserFolder.configuration(environment).map { "\($0)/init.lua" }
    }
}

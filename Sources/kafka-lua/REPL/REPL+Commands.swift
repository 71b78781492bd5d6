import KafkaProducer

// What the commands of the prompt do that is neither Lua nor a setting of the session. Each returns the exit code where
// it ends the session.
extension REPL {
    func help(_ topic: String?) throws(Failure) -> Int32? {
        let printer = printer
        console.write(try HelpText.text(on: topic, width: printer.limits.width, palette: printer.palette))
        return nil
    }

    /// Runs a file.
    func source(_ path: String) throws(Failure) -> Int32? {
        run(try Failure.catching { try SourceFile.read(path) }, name: "@\(path)", printsResult: true)
    }

    /// Lets the user edit a file, and runs it.
    func edit(file path: String) throws(Failure) -> Int32? {
        try textEditor().edit(path)
        // A Ctrl-C was for the editor.
        _ = console.takeInterrupt()
        return try source(path)
    }

    /// Lets the user edit a block. What comes back stands in the history as if it had been typed.
    func edited(_ block: String) throws(Failure) -> String {
        let text = try textEditor().edit(text: block)
        _ = console.takeInterrupt()
        let edited = text.trimmingWhitespace()
        if !edited.isEmpty {
            reader.remember(edited)
            console.write(edited + "\n")
        }
        return edited
    }

    private func textEditor() throws(Failure) -> TextEditor {
        guard session.isInteractive else { throw Failure("\\edit needs a terminal") }
        return TextEditor(environment: ProcessEnvironment.value)
    }

    // MARK: - Topics

    func describe(_ topic: String) throws(Failure) -> Int32? {
        let interruption = Interruption()
        let description = interrupts.whileRunning(Wait(host, interruption.raise), wasEntered: true) {
            Result<PrintableValue, Failure> { () throws(Failure) in
                try engine.describe(topic, configuration: host.configuration, until: interruption)
            }
        }
        guard !interruption.isRaised else { return interrupted() }
        show([try description.get()])
        return nil
    }

    /// Prints the last records of a topic; for a person, also what follows, until Ctrl-C.
    func follow(_ topic: String) throws(Failure) -> Int32? {
        let request = TailRequest(topic: topic, stopsAtEnd: !session.isInteractive)
        let interruption = Interruption()
        let reader = try engine.makeReader(host.configuration, request, diagnostics, until: interruption)
        var printer = RecordPrinter(format: session.output, palette: self.printer.palette)
        if session.isInteractive { diagnostics.note("Ctrl-C ends it") }
        let end = interrupts.whileRunning(Wait(host, interruption.raise), wasEntered: true) {
            Result<Void, Failure> { () throws(Failure) in
                while let record = try reader.next() {
                    console.write(printer.text(record))
                    host.runDueCallbacks()
                }
            }
        }
        if session.isInteractive, interruption.isRaised { console.noteEcho() }
        console.endLine()
        try end.get()
        return nil
    }

    // MARK: - Configuration

    /// Goes to another cluster.
    func use(_ name: String?) throws(Failure) -> Int32? {
        if let name {
            let configuration = try ClientConfiguration.named(
                name, over: host.configuration, environment: ProcessEnvironment.value)
            try change(to: configuration)
        }
        console.write("using \(host.configuration[ClientConfiguration.bootstrapKey] ?? "no broker")\n")
        return nil
    }

    /// Shows the configuration, or changes it.
    func set(_ request: SetRequest) throws(Failure) -> Int32? {
        switch request {
        case .show(let key): try showConfiguration(key)
        case .change(let entries):
            var configuration = host.configuration
            for entry in entries { configuration.set(entry.key, entry.value) }
            // Also where they are refused.
            reader.keepOut(configuration.secrets)
            try configuration.checkTogether()
            try change(to: configuration)
            for entry in entries { try showConfiguration(entry.key) }
        }
        return nil
    }

    private func showConfiguration(_ key: String?) throws(Failure) {
        console.write(try ConfigurationView(present: host.configuration).text(key))
    }

    private func change(to configuration: ClientConfiguration) throws(Failure) {
        reader.keepOut(configuration.secrets)
        let interruption = Interruption()
        let wait = Wait(host) { [host] in
            interruption.raise()
            host.interrupt()
        }
        let result = interrupts.whileRunning(wait, wasEntered: true) {
            Result<Void, Failure> { () throws(Failure) in try host.use(configuration) }
        }
        if session.isInteractive, interruption.isRaised { console.noteEcho() }
        try result.get()
    }
}

/// A wait of the prompt that is none of Lua's, which Ctrl-C ends.
private final class Wait: Interruptible {
    private let host: any ScriptHost
    private let end: @Sendable () -> Void

    init(_ host: any ScriptHost, _ end: @escaping @Sendable () -> Void) { (self.host, self.end) = (host, end) }

    func interrupt() { end() }
    var undelivered: [String: Int] { host.undelivered }
}

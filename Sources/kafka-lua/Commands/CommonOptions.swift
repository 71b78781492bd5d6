import ArgumentParser

/// The options that every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        name: [.customShort("b"), .customLong("bootstrap-server")],
        help: .init("The brokers to connect to, separated by commas.", valueName: "host:port"))
    var bootstrapServer: String?

    @Option(
        name: [.customShort("X"), .customLong("property")], parsing: .unconditionalSingleValue,
        help: .init("A configuration key of the Kafka producer; may be repeated.", valueName: "key=value"),
        completion: .list(CompletionScript.assignments))
    var properties: [String] = []

    @Option(
        name: [.customShort("F"), .customLong("config")],
        help: .init("A Java .properties file with configuration keys; may be repeated.", valueName: "file"),
        completion: .file(extensions: ["properties"]))
    var files: [String] = []

    @Flag(name: [.customShort("v"), .customLong("verbose")], help: "Say more on standard error.")
    var isVerbose = false

    @Flag(
        name: [.customShort("q"), .customLong("quiet")],
        help: "No progress and no notes on standard error: errors and warnings only.")
    var isQuiet = false

    @Flag(name: .customLong("no-color"), help: "No colours; so does the environment variable NO_COLOR.")
    var noColor = false

    /// What the options say together.
    func configuration() throws(Failure) -> ClientConfiguration {
        var configuration = ClientConfiguration()
        for path in files { try configuration.add(file: SourceFile.bytes(path), path: path) }
        for property in properties { try configuration.add(assignment: property) }
        if let bootstrapServer { configuration.set(ClientConfiguration.bootstrapKey, bootstrapServer) }
        return configuration
    }

    /// Standard error, with colours where they are wanted.
    var diagnostics: Diagnostics {
        Diagnostics(palette: palette(for: Descriptor.error), isVerbose: isVerbose)
    }

    /// The same for a session with a prompt, which it leaves as it was.
    func diagnostics(above console: Console) -> Diagnostics {
        Diagnostics(palette: palette(for: Descriptor.error), isVerbose: isVerbose) { text in
            console.hideStatus()
            console.note(text)
        }
    }

    /// Standard error, where a console may show a status.
    func diagnostics(beside console: Console) -> Diagnostics {
        Diagnostics(palette: palette(for: Descriptor.error), isVerbose: isVerbose) { text in
            console.hideStatus()
            Descriptor.write(text, to: Descriptor.error)
        }
    }

    /// How progress is shown on standard error.
    var progress: ProgressLine.Style {
        if isQuiet { return .none }
        let terminal = Terminal(
            term: ProcessEnvironment.value("TERM"), input: Descriptor.error, output: Descriptor.error)
        return terminal.kind == .full ? .redrawn(columns: terminal.size.columns) : .lines
    }

    /// How charts are drawn on a descriptor.
    func chartStyle(for descriptor: CInt) -> ChartStyle {
        let width = Descriptor.isTerminal(descriptor) ? Terminal.size(of: descriptor).columns : 80
        return ChartStyle(
            width: width, glyphs: .of(environment: ProcessEnvironment.value), palette: palette(for: descriptor))
    }

    /// Colours where the descriptor is a terminal that shows them.
    func palette(for descriptor: CInt) -> Palette {
        Palette(
            isTerminal: Descriptor.isTerminal(descriptor), noColor: noColor, environment: ProcessEnvironment.value)
    }
}

import ArgumentParser
import KafkaProducer

/// The options that every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        name: [.customShort("b"), .customLong("bootstrap-server")],
        help: .init("The brokers to connect to, separated by commas.", valueName: "host:port"))
    var bootstrapServer: String?

    @Option(
        name: [.customShort("X"), .customLong("property")], parsing: .unconditionalSingleValue,
        help: .init("A configuration key of the Kafka producer; may be repeated.", valueName: "key=value"),
        completion: .list(ConfigurationKey.all.map { $0.name + "=" }))
    var properties: [String] = []

    @Option(
        name: [.customShort("F"), .customLong("config")],
        help: .init("A Java .properties file with configuration keys; may be repeated.", valueName: "file"),
        completion: .file(extensions: ["properties"]))
    var files: [String] = []

    @Flag(name: [.customShort("v"), .customLong("verbose")], help: "Say more on standard error.")
    var isVerbose = false

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
    func diagnostics(beside console: Console) -> Diagnostics {
        Diagnostics(palette: palette(for: Descriptor.error), isVerbose: isVerbose) { console.note($0) }
    }

    /// Colours where the descriptor is a terminal that shows them.
    func palette(for descriptor: CInt) -> Palette {
        Palette(
            isTerminal: Descriptor.isTerminal(descriptor), noColor: noColor, environment: ProcessEnvironment.value)
    }
}

import ArgumentParser

/// `kafka-lua run`.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a Lua script.",
        usage: """
            kafka-lua run [OPTIONS] FILE [ARG ...]
            kafka-lua run [OPTIONS] -e CODE [ARG ...]
            kafka-lua run [OPTIONS] - [ARG ...]
            """,
        discussion: """
            What follows FILE belongs to the script, as `...` and in the table `arg`. Without -b an embedded broker is
            started in the process.

            Examples:
              kafka-lua run produce.lua
              kafka-lua run -b localhost:9092 produce.lua orders 1000
              kafka-lua run -e 'send("orders", "k1", "hello")'
              generate | kafka-lua run -

            Exit codes: 0 when all was delivered, 1 when something was not or the script failed, 2 for a wrong call,
            or what the script gave to os.exit.
            """)

    @Option(name: .customShort("e"), help: .init("Run this Lua instead of a file.", valueName: "code"))
    var code: String?

    @OptionGroup var common: CommonOptions

    @Argument(
        parsing: .captureForPassthrough,
        help: .init("The script, - for standard input, and the script's arguments.", valueName: "file-and-arguments"),
        completion: .file())
    var words: [String] = []

    mutating func validate() throws {
        if code == nil {
            guard let file = words.first else { throw ValidationError("run needs a FILE, -e CODE, or - for stdin") }
            // The passthrough takes what it does not know, help included.
            if file == "--help" || file == "-h" { throw CleanExit.helpRequest(self) }
            if file.hasPrefix("-"), file != "-" { throw ValidationError("run has no option \(file)") }
        }
    }

    /// What to say of a broker that is named behind the script, and that no record would reach.
    func brokerHint(_ arguments: [String]) -> String? {
        guard common.bootstrapServer == nil,
            let option = arguments.first(where: { ["-b", "--bootstrap-server"].contains($0) })
        else { return nil }
        return "\(option) after the script is an argument of the script's: options of kafka-lua stand before it"
    }

    func run() throws {
        let script: (source: String, name: String, arguments: [String])
        if let code {
            script = (code, "=(command line)", words)
        } else {
            let path = words[0]
            script = (try SourceFile.read(path), path == "-" ? "=stdin" : "@\(path)", Array(words.dropFirst()))
        }
        if let hint = brokerHint(script.arguments) { common.diagnostics.hint(hint) }
        try ScriptRun(common: common).run(script.source, name: script.name, arguments: script.arguments)
    }
}

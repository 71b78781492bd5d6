import ArgumentParser

/// `kafka-lua check`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validate plugins and scripts without sending.",
        discussion: """
            A plugin is loaded as it would be for use, in its sandbox and under its limits, and a partitioner is tried
            on a record that nobody sends. A script is compiled, not run. A file that returns a table of functions is a
            plugin; --as says what it has to be.

            Examples:
              kafka-lua check vip.lua
              kafka-lua check --as partitioner vip.lua
              kafka-lua check scripts/*.lua

            Exit codes: 0 when all files are sound, 1 when one is not, 2 for a wrong call.
            """)

    @Option(name: .customLong("as"), help: "partitioner, interceptor, serializer or script.")
    var role: ScriptCheck.Role?

    @OptionGroup var common: CommonOptions

    @Argument(help: "The files; - is standard input.", completion: .file(extensions: ["lua"]))
    var files: [String]

    func run() throws {
        let diagnostics = common.diagnostics
        var isSound = true
        for path in files {
            do throws(Failure) {
                let text = try SourceFile.read(path)
                let finding = try ScriptCheck(text: text, name: path == "-" ? "stdin" : path).finding(as: role)
                Descriptor.write("\(path): \(finding)\n", to: Descriptor.output)
            } catch {
                diagnostics.report(error)
                isSound = false
            }
        }
        if !isSound { throw ExitCode(1) }
    }
}

extension ScriptCheck.Role: ExpressibleByArgument {}

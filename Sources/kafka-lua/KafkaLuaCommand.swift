import ArgumentParser
import KafkaProducer
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The program.
@main
struct KafkaLuaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kafka-lua",
        abstract: "A Kafka producer, scripted in Lua.",
        usage: """
            kafka-lua [-b HOST:PORT] [-e CODE]
            kafka-lua COMMAND [OPTIONS] [ARG ...]
            """,
        discussion: """
            Without -b an embedded broker is started in the process.

            Examples:
              kafka-lua                                    the prompt
              kafka-lua -b localhost:9092                  on your broker
              kafka-lua -e 'send("orders", "k1", "hi")'    one line of Lua
              kafka-lua run produce.lua                    a script
              kafka-lua send -t orders < orders.txt        lines to records
              kafka-lua tail orders -b localhost:9092      records of a topic

            Exit codes: 0 when all was delivered, 1 when something was not, 2 for a wrong call.
            """,
        version: "kafka-lua \(SoftwareVersion.current)",
        subcommands: [
            ReplCommand.self, RunCommand.self, SendCommand.self, TailCommand.self, CheckCommand.self,
            PerfCommand.self, BrokerCommand.self, ConfigCommand.self, LuaDefinitionsCommand.self,
            CompletionsCommand.self, ManCommand.self,
        ],
        defaultSubcommand: ReplCommand.self)

    static func main() { Entry.main() }
}

/// The way into the program, apart from `main` so that nothing in it inherits the main actor.
enum Entry {
    static func main() -> Never {
        Descriptor.holdStandardNumbers()
        let arguments = Array(CommandLine.arguments.dropFirst())
        let code = run(arguments)
        let outputError = Descriptor.outputError.load(ordering: .relaxed)
        guard outputError != 0 else { exit(code) }
        CommonOptions.parsed(from: arguments).report(
            Failure("standard output cannot be written: \(String(cString: strerror(outputError)))"))
        // A script was interrupted for it, as if the reader had left.
        exit(code == 0 || code == Signals.exitCode(SIGPIPE) ? 1 : code)
    }

    /// Parses the arguments and runs the command. Returns the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        do {
            var command = try parse(arguments)
            try command.run()
            return 0
        } catch let failure as Failure {
            CommonOptions.parsed(from: arguments).report(failure)
            return failure.exitCode
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            return explain(error)
        }
    }

    /// The command that the arguments ask for.
    static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        try KafkaLuaCommand.parseAsRoot(CommandOrder.commandFirst(arguments))
    }

    /// Prints what the parser has to say: help as a result, a wrong call as an error.
    private static func explain(_ error: any Error) -> Int32 {
        let code = KafkaLuaCommand.exitCode(for: error)
        let message = KafkaLuaCommand.fullMessage(for: error)
        if code.isSuccess {
            Descriptor.write(message + "\n", to: Descriptor.output)
            return 0
        }
        let lines = message.hasPrefix("Error:") ? "error:" + message.dropFirst("Error:".count) : message
        Descriptor.write(lines + "\n", to: Descriptor.error)
        return 2
    }
}

extension CommonOptions {
    /// How a failure is printed when the command that failed is gone.
    fileprivate static func parsed(from arguments: [String]) -> Diagnostics {
        let noColor = arguments.prefix { $0 != "--" }.contains("--no-color")
        return Diagnostics(
            palette: Palette(
                isTerminal: Descriptor.isTerminal(Descriptor.error), noColor: noColor,
                environment: ProcessEnvironment.value))
    }
}

/// A session at the prompt without terminal or Lua: what was read and how it ended in, what to do next out.
struct REPLSession {
    /// What the owner does next.
    enum Action: Equatable {
        case read
        case run(source: String, name: String, printsResult: Bool)
        /// Reads a file and runs it.
        case source(path: String)
        case print(String)
        case stats(StatsRequest)
        case report(Failure)
        /// Sends what waits and ends.
        case quit(code: Int32)
    }

    private(set) var output: OutputFormat
    private(set) var showsTiming = false

    /// Whether a person sits there: then errors do not end the session, and Ctrl-C twice does.
    let isInteractive: Bool
    private var wasInterrupted = false

    init(isInteractive: Bool, output: OutputFormat? = nil) {
        self.isInteractive = isInteractive
        self.output = output ?? (isInteractive ? .table : .json)
    }

    /// What to do with what was read.
    mutating func received(_ input: BlockInput, check: (_ source: String) -> ChunkStatus) -> Action {
        let isSecondInterrupt = wasInterrupted
        wasInterrupted = false
        switch input {
        case .interrupted:
            guard isInteractive, !isSecondInterrupt else { return .quit(code: 130) }
            wasInterrupted = true
            return .print("Ctrl-C again or Ctrl-D quits\n")
        case .end(let unfinished):
            guard let unfinished, !isInteractive else { return .quit(code: 0) }
            return action(for: ChunkPlan(unfinished, check: check), atEnd: true)
        case .block(let block):
            return action(for: ChunkPlan(block, check: check), atEnd: false)
        }
    }

    /// What to print of a result; nil when nothing is.
    func text(of values: [PrintableValue], printer: ValuePrinter) -> String? {
        guard !values.isEmpty else { return nil }
        switch output {
        case .json: return values.map { ValuePrinter.json($0) + "\n" }.joined()
        case .table:
            let texts = values.map(printer.text)
            return texts.joined(separator: texts.contains { $0.contains("\n") } ? "\n" : "\t") + "\n"
        }
    }

    /// Whether the session ends after a failure.
    var endsAtFailure: Bool { !isInteractive }

    private mutating func action(for plan: ChunkPlan, atEnd: Bool) -> Action {
        switch plan {
        case .blank: atEnd ? .quit(code: 0) : .read
        case .incomplete: .report(Failure("the input ends within a statement"))
        case .run(let source, let printsResult):
            .run(source: source, name: ChunkPlan.chunkName, printsResult: printsResult)
        case .command(let call): action(for: call)
        case .invalid(let failure): .report(failure)
        }
    }

    private mutating func action(for call: BackslashCommand.Call) -> Action {
        let arguments = call.arguments
        let literals = arguments.map(LuaName.literal)
        switch call.action {
        case .help:
            guard let text = BackslashCommand.help(on: arguments.first) else {
                return .report(Failure("there is no command \(arguments[0])", hint: "\\help lists the commands"))
            }
            return .print(text)
        case .quit: return .quit(code: 0)
        case .source: return .source(path: arguments[0])
        case .topics: return command("return topics()")
        case .tail: return command("return tail(\(literals[0]))")
        case .send:
            let key = literals.count > 2 ? ", key = \(literals[2])" : ""
            return command("return send{ topic = \(literals[0]), value = \(literals[1])\(key) }")
        case .stats:
            guard let request = StatsRequest(arguments) else {
                return .report(Failure("usage: \\stats [--html FILE | --reset]"))
            }
            return .stats(request)
        case .timing:
            let flags = ["on": true, "off": false]
            guard let flag = arguments.first.map({ flags[$0] }) ?? !showsTiming else {
                return .report(Failure("\\timing takes on or off"))
            }
            showsTiming = flag
            return .print("timing is \(flag ? "on" : "off")\n")
        case .output:
            guard let format = OutputFormat(rawValue: arguments[0]) else {
                return .report(Failure("\\output takes table or json"))
            }
            output = format
            return .print("results are printed as \(format.rawValue)\n")
        }
    }

    private func command(_ source: String) -> Action {
        .run(source: source, name: "=command", printsResult: true)
    }
}

/// A session at the prompt without terminal or Lua: what was read and how it ended in, what to do next out.
struct REPLSession {
    /// What the owner does next.
    enum Action: Equatable {
        case read
        case run(source: String, name: String, printsResult: Bool)
        /// Reads a file and runs it.
        case source(path: String)
        /// Lets the user edit the last block, or a file, and runs it.
        case edit(path: String?)
        /// Calls a function of the host's, whatever a script has made of the global of that name.
        case call(HostCall)
        case describe(topic: String)
        /// Prints records as they come.
        case follow(topic: String)
        /// Goes to another cluster, or says which one is used.
        case use(String?)
        /// Shows the configuration, or changes it.
        case set(SetRequest)
        case print(String)
        case help(String?)
        case stats(StatsRequest)
        case report(Failure)
        /// Reports why a text does not compile.
        case refuse(source: String, Failure)
        /// Sends what waits and ends.
        case quit
        /// The same, after Ctrl-C.
        case quitInterrupted
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
            guard isInteractive, !isSecondInterrupt else { return .quitInterrupted }
            wasInterrupted = true
            return .print("Ctrl-C again or Ctrl-D quits\n")
        case .end(let unfinished):
            guard let unfinished, !isInteractive else { return .quit }
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
        case .blank: atEnd ? .quit : .read
        case .incomplete: .report(Failure("the input ends within a statement"))
        case .run(let source, let printsResult):
            .run(source: source, name: ChunkPlan.chunkName, printsResult: printsResult)
        case .command(let call): action(for: call)
        case .wrong(let source, let failure): .refuse(source: source, failure)
        case .invalid(let failure): .report(failure)
        }
    }

    private mutating func action(for call: BackslashCommand.Call) -> Action {
        let arguments = call.arguments
        switch call.action {
        case .help: return .help(arguments.first)
        case .quit: return .quit
        case .source: return .source(path: arguments[0])
        case .edit: return .edit(path: arguments.first)
        case .topics: return .call(.topics)
        case .topic: return .describe(topic: arguments[0])
        case .tail: return .follow(topic: arguments[0])
        case .send:
            return .call(.send(topic: arguments[0], value: arguments[1], key: arguments.count > 2 ? arguments[2] : nil))
        case .use: return .use(arguments.first)
        case .set:
            guard let request = SetRequest(arguments) else {
                return .report(
                    Failure("usage: \\set [KEY [VALUE]]", hint: "or several at once: \\set KEY=VALUE KEY=VALUE"))
            }
            return .set(request)
        case .swap: return .call(.swap(role: arguments[0], file: arguments[1]))
        case .rollback: return .call(.rollback(role: arguments[0]))
        case .generation: return .call(arguments.first.map { .generation(role: $0) } ?? .generations)
        case .scripts: return .call(.scripts)
        case .watch:
            guard let flag = Self.flags[arguments[0]] else { return .report(Failure("\\watch takes on or off")) }
            return .call(.watch(flag))
        case .stats:
            guard let request = StatsRequest(arguments) else {
                return .report(Failure("usage: \\stats [--html FILE | --reset]"))
            }
            return .stats(request)
        case .timing:
            guard let flag = arguments.first.map({ Self.flags[$0] }) ?? !showsTiming else {
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

    private static let flags = ["on": true, "off": false]
}

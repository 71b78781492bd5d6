import ArgumentParser

/// `kafka-lua repl`, also without a name.
struct ReplCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl",
        abstract: "The Lua prompt (the default).",
        discussion: """
            Without -b an embedded broker is started in the process. When standard input is not a terminal, its lines
            are run one after the other, results are JSON lines, and the first error ends the program with exit code 1.
            ~/.config/kafka-lua/init.lua is run first, if it is there.

            Examples:
              kafka-lua
              kafka-lua repl -b localhost:9092 -X linger.ms=20
              kafka-lua -e 'for i = 1, 10 do send("numbers", nil, tostring(i)) end'
              echo 'return 1 + 1' | kafka-lua
            """)

    @Option(name: .customShort("e"), help: .init("Run this Lua instead of a prompt.", valueName: "code"))
    var code: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        if let code { return try ScriptRun(common: common).run(code, name: "=(command line)", arguments: []) }
        let environment = ProcessEnvironment.value
        let terminal = Terminal(term: environment("TERM"))
        let isInteractive = terminal.kind != .none
        let script = try ScriptRun(common: common, isInteractive: isInteractive)
        let diagnostics = script.diagnostics
        let palette = common.palette(for: Descriptor.output)
        if isInteractive { diagnostics.note("\\help explains, Tab completes, Ctrl-D quits") }
        try script.runInitialization(environment: environment)
        let reader = reader(terminal, script, palette)
        reader.keepOut(script.host.configuration.secrets)
        var repl = REPL(
            host: script.host, reader: reader, console: script.console,
            interrupts: script.interrupts, diagnostics: diagnostics,
            printer: ValuePrinter(palette: palette), width: { isInteractive ? terminal.size.columns : nil },
            session: REPLSession(isInteractive: isInteractive))
        let code = repl.run()
        if code != 0 { throw ExitCode(code) }
    }

    private func reader(_ terminal: Terminal, _ script: ScriptRun, _ palette: Palette) -> any BlockReader {
        let prompt = Prompt(first: "kafka> ", continuation: "    -> ")
        guard terminal.kind == .full else {
            return PlainReader(console: script.console, prompt: terminal.kind == .dumb ? prompt : nil)
        }
        let history = HistoryFile(path: HistoryFile.defaultPath(environment: ProcessEnvironment.value))
        let editor = LineEditor(
            terminal: terminal, console: script.console, prompt: prompt,
            promptStyle: palette.isEnabled ? .green : nil, history: history)
        let host = script.host
        let topics = TopicNames(engine: Engines.current)
        let completion = PromptCompletion(
            names: { host.names(in: $0) }, topics: { topics.names(host.configuration) })
        editor.completer = { completion.completion(of: $0, cursor: $1) }
        if palette.isEnabled {
            editor.highlighter = Highlighting.highlights
            editor.hinter = ArgumentHint.hint
        }
        return editor
    }
}

import ArgumentParser

/// `kafka-lua completions`.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print what completes kafka-lua's commands and options in your shell.",
        discussion: """
            Examples:
              kafka-lua completions bash > ~/.local/share/bash-completion/completions/kafka-lua
              kafka-lua completions zsh > ~/.zfunc/_kafka-lua
              kafka-lua completions fish > ~/.config/fish/completions/kafka-lua.fish

            For zsh, ~/.zfunc has to be in fpath before compinit is called: fpath+=~/.zfunc
            """)

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        Descriptor.write(CompletionScript.text(for: shell) + "\n", to: Descriptor.output)
    }
}

/// A shell that can be taught.
enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish

    var completionShell: CompletionShell {
        switch self {
        case .bash: .bash
        case .zsh: .zsh
        case .fish: .fish
        }
    }
}

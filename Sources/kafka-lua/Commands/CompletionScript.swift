import ArgumentParser
import KafkaProducer

/// What teaches a shell to complete the program's calls: what the argument parser makes, and for configuration keys what
/// it cannot say, that no word ends at their `=`.
enum CompletionScript {
    static func text(for shell: Shell) -> String {
        let script = KafkaLuaCommand.completionScript(for: shell.completionShell)
        return switch shell {
        case .bash: script.replacing(bashRegistration, with: bashKeys)
        case .zsh: script.replacing(zshList, with: zshKeys).replacing(zshStart, with: zshKeysFunction + zshStart)
        case .fish: script
        }
    }

    /// What `-X` can be followed by: `linger.ms=`, or where there are a few values, each with its key.
    static let assignments = ConfigurationKey.all.flatMap { key in
        // Shells would take `list<string>` for a redirection.
        let choices = key.choices.filter { $0.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) } }
        return choices.isEmpty ? ["\(key.name)="] : choices.map { "\(key.name)=\($0)" }
    }

    private static let zshList = #"__kafka-lua_complete "${___property[@]}""#
    private static let zshKeys = #"__kafka-lua_keys "${___property[@]}""#
    private static let zshStart = "\n_kafka-lua() {\n"
    private static let zshKeysFunction = #"""

        __kafka-lua_keys() {
            compadd -S '' -- "${(M)@:#*=}"
            compadd -- "${@:#*=}"
        }

        """#
    private static let bashRegistration = "complete -o filenames -F _kafka-lua kafka-lua"

    /// For bash `=` is a word, and a name of a file would have a backslash before it.
    private static let bashKeys = #"""
        _kafka-lua_words() {
            local -i equals=COMP_CWORD
            [[ ${COMP_WORDS[equals]} == = ]] || equals=$((COMP_CWORD - 1))
            local key= option=$3
            if ((equals > 2)) && [[ ${COMP_WORDS[equals]} == = ]]; then
                key=${COMP_WORDS[equals - 1]}=
                option=${COMP_WORDS[equals - 2]}
            fi
            if [[ $option != -X && $option != --property ]]; then
                _kafka-lua "$@"
                return
            fi
            if [[ $key ]]; then
                local -i COMP_CWORD=$((equals - 1))
                local -a COMP_WORDS=("${COMP_WORDS[@]:0:equals-1}" "$key$2")
            fi
            _kafka-lua "$1" "$key$2" "$option"
            compopt +o filenames
            [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
            COMPREPLY=("${COMPREPLY[@]#"$key"}")
        }

        complete -o filenames -F _kafka-lua_words kafka-lua
        """#
}

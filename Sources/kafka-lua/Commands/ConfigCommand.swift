import ArgumentParser

/// `kafka-lua config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "List the configuration keys: type, default, meaning.",
        discussion: """
            Examples:
              kafka-lua config
              kafka-lua config linger
              kafka-lua config -o json
            """)

    @Argument(help: "Only keys that contain this.")
    var filter: String?

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var output: OutputFormat = .table

    @OptionGroup var common: CommonOptions

    func run() throws {
        let keys = Engines.current.configurationKeys.filter { filter.map($0.name.contains) ?? true }
        if let filter, keys.isEmpty { throw Failure("no configuration key contains \(filter)") }
        let palette = common.palette(for: Descriptor.output)
        Descriptor.write(Self.text(keys, output: output, palette: palette), to: Descriptor.output)
    }

    static func text(_ keys: [ConfigurationKey], output: OutputFormat, palette: Palette) -> String {
        switch output {
        case .json:
            keys.map { key in
                JSONText.object([
                    ("name", JSONText.quoted(key.name)), ("type", JSONText.quoted(key.type)),
                    ("default", JSONText.quoted(key.defaultValue)), ("meaning", JSONText.quoted(key.meaning)),
                ]) + "\n"
            }.joined()
        case .table:
            keys.map { key in
                let facts = key.defaultValue.isEmpty ? key.type : "\(key.type), default \(key.defaultValue)"
                return "\(palette.paint(key.name, .bold))  (\(facts))\n    \(key.meaning)\n"
            }.joined()
        }
    }
}

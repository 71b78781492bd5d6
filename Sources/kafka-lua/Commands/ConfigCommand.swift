import ArgumentParser
import KafkaProducer

/// `kafka-lua config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "List the configuration keys: type, default, meaning.",
        discussion: """
            With -X or -F the values that were given are checked, and shown beside the defaults.

            Examples:
              kafka-lua config
              kafka-lua config linger.ms
              kafka-lua config ssl
              kafka-lua config -o json
              kafka-lua config -F client.properties -o properties
            """)

    @Argument(
        help: "A key, for all that is known of it; or what the names of keys contain.",
        completion: .list(ConfigurationKey.all.map(\.name)))
    var filter: String?

    @Option(name: [.customShort("o"), .customLong("output")], help: "table, json, properties or markdown.")
    var output: ConfigOutput = .table

    @OptionGroup var common: CommonOptions

    func run() throws {
        let configuration = try common.configuration()
        let listing = ConfigListing(
            keys: try Self.keys(filter), configuration: try configuration.settings(),
            palette: common.palette(for: Descriptor.output))
        Descriptor.write(listing.text(output), to: Descriptor.output)
        // What was given may be right key by key, and still not do.
        if !configuration.entries.isEmpty { _ = try configuration.producerConfiguration() }
    }

    /// The key of that name, or all keys whose names contain it.
    static func keys(_ filter: String?) throws(Failure) -> [ConfigurationKey] {
        guard let filter else { return ConfigurationKey.all }
        if let key = ConfigurationKey.all.first(where: { $0.name == filter }) { return [key] }
        let keys = ConfigurationKey.all.filter { $0.name.contains(filter) }
        if !keys.isEmpty { return keys }
        do throws(KafkaError) {
            return [try ConfigurationKey.named(filter)]
        } catch {
            throw Failure.usage(error.message)
        }
    }
}

/// How `kafka-lua config` writes the keys.
enum ConfigOutput: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case table
    /// One object a line.
    case json
    /// A `.properties` file to begin with, in which what has its default is a comment.
    case properties
    /// An article, with the defaults.
    case markdown
}

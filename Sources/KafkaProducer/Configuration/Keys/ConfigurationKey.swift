/// One row of the table of configuration keys: parsing, validation, `kafka-lua config` and completion come from it.
public struct ConfigurationKey: Sendable {
    /// What a key is about.
    public enum Section: String, Sendable, CaseIterable {
        case core, network, security, transactions
    }

    /// Kafka's dotted name.
    public let name: String
    public private(set) var section = Section.core
    /// What a value is, as Kafka's documentation names it: "int", "boolean", "list".
    public let type: String
    /// What values there are, where the type does not say it all: "0 to 17".
    public let validValues: String
    /// Values to choose from, if there is a list.
    public let choices: [String]
    /// As it would be written; empty if there is none.
    public let defaultValue: String
    /// What it does, in a sentence.
    public let documentation: String
    /// Whether its values are never shown: `***` stands in their place.
    public let isSecret: Bool

    private let parser: @Sendable (String, inout ProducerConfiguration) throws(ConfigurationReason) -> Void
    private let checker: @Sendable (ProducerConfiguration) throws(ConfigurationReason) -> Void
    private let writer: @Sendable (ProducerConfiguration) -> String

    typealias Field<Value> = WritableKeyPath<ProducerConfiguration, Value> & Sendable

    init<Value>(
        _ name: String, _ field: any Field<Value>, _ type: ConfigurationType<Value>, _ documentation: String
    ) {
        self.name = name
        self.type = type.name
        self.documentation = documentation
        validValues = type.validValues
        choices = type.choices
        isSecret = type.isSecret
        defaultValue = type.write(ProducerConfiguration()[keyPath: field])
        parser = { (text, configuration) throws(ConfigurationReason) in
            let value = try type.read(text)
            try type.check(value)
            configuration[keyPath: field] = value
        }
        checker = { (configuration) throws(ConfigurationReason) in try type.check(configuration[keyPath: field]) }
        writer = { type.write($0[keyPath: field]) }
    }

    /// Places rows in a section of the table.
    static func section(_ section: Section, _ keys: [ConfigurationKey]) -> [ConfigurationKey] {
        keys.map { key in
            var key = key
            key.section = section
            return key
        }
    }
}

// MARK: - Values

extension ConfigurationKey {
    /// What stands in place of a secret.
    public static let hidden = Secret.hidden

    /// Reads a value; white space around it does not count, as in Java.
    func parse(_ text: String, _ configuration: inout ProducerConfiguration) throws(KafkaError) {
        let text = ConfigurationText.trimmed(text)
        do {
            try parser(text, &configuration)
        } catch {
            throw refusal(of: text, error)
        }
    }

    /// Checks a value that may have been set in code.
    func check(_ configuration: ProducerConfiguration) throws(KafkaError) {
        do {
            try checker(configuration)
        } catch {
            throw refusal(of: writer(configuration), error)
        }
    }

    private func refusal(of text: String, _ reason: ConfigurationReason) -> KafkaError {
        KafkaError(.configuration, "\(name)=\(shown(text)): \(reason.text)")
    }

    private func shown(_ text: String) -> String {
        isSecret && !text.isEmpty ? Self.hidden : ConfigurationText.shown(text)
    }

    /// The value that a configuration has, as it would be written; `***` for a secret.
    public func value(in configuration: ProducerConfiguration) -> String {
        let text = writer(configuration)
        return isSecret && !text.isEmpty ? Self.hidden : text
    }

    /// What it has to do with other keys, a sentence each.
    public var rules: [String] {
        ConfigurationRule.all.filter { $0.keys.contains(name) }.map(\.documentation)
    }
}

// MARK: - Names

extension ConfigurationKey {
    /// Every key, in the order in which `kafka-lua config` prints them.
    public static let all: [ConfigurationKey] = core + network + security + transactions

    private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    static func known(_ name: String) -> ConfigurationKey? { byName[name] }

    /// - Throws: `KafkaError` of kind `configuration` that names the key which is meant: where another client of Kafka
    ///   has that name for it, else the nearest.
    public static func named(_ name: String) throws(KafkaError) -> ConfigurationKey {
        if let key = byName[name] { return key }
        if let foreign = ForeignConfigurationKey.named(name) { throw foreign.refusal(name) }
        throw unknown(name)
    }

    static func unknown(_ name: String) -> KafkaError {
        let nearest = Spelling.nearest(to: name, among: all.lazy.map(\.name))
        let meant = nearest.map { "; did you mean '\($0)'?" } ?? ""
        return KafkaError(.configuration, "unknown key '\(ConfigurationText.shown(name))'" + meant)
    }
}

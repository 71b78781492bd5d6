/// One row of the table of configuration keys: parsing, validation, `kafka-lua config` and completion come from it.
public struct ConfigurationKey: Sendable {
    public enum Section: String, Sendable, CaseIterable {
        case core, network
    }

    /// Kafka's dotted name.
    public let name: String
    public let section: Section
    /// What a value is: "int", "boolean", "one of none, gzip, …".
    public let type: String
    /// Values to choose from, if there is a list.
    public let choices: [String]
    /// As it would be written; empty if there is none.
    public let defaultValue: String
    /// What it does, in a sentence.
    public let documentation: String

    let parser: @Sendable (String, inout ProducerConfiguration) throws(ConfigurationReason) -> Void
    let reader: @Sendable (ProducerConfiguration) -> String

    func parse(_ text: String, _ configuration: inout ProducerConfiguration) throws(KafkaError) {
        do {
            try parser(text, &configuration)
        } catch {
            throw KafkaError(.configuration, "\(name)=\(text): \(error.text)")
        }
    }

    /// The value that a configuration has, as it would be written.
    public func value(in configuration: ProducerConfiguration) -> String { reader(configuration) }

    private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// - Throws: `KafkaError` of kind `configuration` that names the nearest key.
    public static func named(_ name: String) throws(KafkaError) -> ConfigurationKey {
        if let key = byName[name] { return key }
        let nearest = Spelling.nearest(to: name, among: all.lazy.map(\.name))
        throw KafkaError(
            .configuration, "unknown key '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
}

/// Why a value cannot be.
struct ConfigurationReason: Error {
    var text: String
}

// MARK: - Kinds of rows

extension ConfigurationKey {
    typealias Field<Value> = WritableKeyPath<ProducerConfiguration, Value> & Sendable

    private init<Value>(
        _ name: String, _ section: Section, _ field: any Field<Value>, type: String, choices: [String] = [],
        documentation: String, write: @escaping @Sendable (Value) -> String,
        read: @escaping @Sendable (String) throws(ConfigurationReason) -> Value
    ) {
        self.name = name
        self.section = section
        self.type = type
        self.choices = choices
        self.documentation = documentation
        parser = { (text, configuration) throws(ConfigurationReason) in
            configuration[keyPath: field] = try read(text)
        }
        reader = { write($0[keyPath: field]) }
        defaultValue = write(ProducerConfiguration()[keyPath: field])
    }

    static func int(
        _ name: String, _ section: Section, _ field: any Field<Int>, _ range: ClosedRange<Int>, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            name, section, field, type: "int", documentation: documentation, write: { String($0) },
            read: { (text) throws(ConfigurationReason) in try integer(text, in: range) })
    }

    static func milliseconds(
        _ name: String, _ section: Section, _ field: any Field<Duration>, from minimum: Int = 0, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            name, section, field, type: "int (ms)", documentation: documentation,
            write: { String($0.milliseconds) },
            read: { (text) throws(ConfigurationReason) in
                .milliseconds(try integer(text, in: minimum...Int(Int32.max)))
            })
    }

    static func boolean(
        _ name: String, _ section: Section, _ field: any Field<Bool>, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            name, section, field, type: "boolean", choices: ["true", "false"], documentation: documentation,
            write: { String($0) }, read: { (text) throws(ConfigurationReason) in try bool(text) })
    }

    static func text(
        _ name: String, _ section: Section, _ field: any Field<String>, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            name, section, field, type: "string", documentation: documentation, write: { $0 }, read: { $0 })
    }

    static func custom<Value>(
        _ name: String, _ section: Section, _ field: any Field<Value>, type: String, choices: [String] = [],
        _ documentation: String, write: @escaping @Sendable (Value) -> String,
        read: @escaping @Sendable (String) throws(ConfigurationReason) -> Value
    ) -> ConfigurationKey {
        ConfigurationKey(
            name, section, field, type: type, choices: choices, documentation: documentation, write: write, read: read)
    }

    /// One of a few names; Java's class names stand beside the short ones.
    static func choice<Value: Equatable & Sendable>(
        _ name: String, _ section: Section, _ field: any Field<Value>, _ values: [(name: String, value: Value)],
        aliases: [String: Value] = [:], _ documentation: String
    ) -> ConfigurationKey {
        let names = values.map(\.name)
        return ConfigurationKey(
            name, section, field, type: "one of " + names.joined(separator: ", "), choices: names,
            documentation: documentation,
            write: { value in values.first { $0.value == value }?.name ?? "" },
            read: { (text) throws(ConfigurationReason) in
                if let value = values.first(where: { $0.name == text })?.value ?? aliases[text] { return value }
                throw ConfigurationReason(text: "must be one of \(names.joined(separator: ", "))")
            })
    }

    static func integer(_ text: String, in range: ClosedRange<Int>) throws(ConfigurationReason) -> Int {
        guard let value = Int(text) else { throw ConfigurationReason(text: "must be a whole number") }
        guard range.contains(value) else {
            throw ConfigurationReason(text: "must be between \(range.lowerBound) and \(range.upperBound)")
        }
        return value
    }

    static func bool(_ text: String) throws(ConfigurationReason) -> Bool {
        guard let value = Bool(text.lowercased()) else { throw ConfigurationReason(text: "must be true or false") }
        return value
    }
}

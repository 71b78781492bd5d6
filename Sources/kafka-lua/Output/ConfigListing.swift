import KafkaProducer

/// The configuration keys as `kafka-lua config` prints them. Secrets are hidden in all formats.
struct ConfigListing {
    let keys: [ConfigurationKey]
    /// Whose values are shown where they are not the defaults.
    let configuration: ProducerConfiguration
    var palette = Palette.plain

    func text(_ output: ConfigOutput) -> String {
        switch output {
        case .table: keys.count == 1 ? keys.map(details).joined() : grouped(summary) { palette.paint($0, .dim) + "\n" }
        case .json: keys.map(json).joined()
        case .markdown: article
        case .properties: grouped(property) { "# \($0)\n" }
        }
    }

    private func grouped(_ text: (ConfigurationKey) -> String, heading: (String) -> String) -> String {
        ConfigurationKey.Section.allCases.compactMap { section in
            let keys = keys.filter { $0.section == section }
            return keys.isEmpty ? nil : heading(section.rawValue) + keys.map(text).joined()
        }.joined(separator: "\n")
    }

    // MARK: - For people

    private func summary(_ key: ConfigurationKey) -> String {
        let name = palette.paint(key.name, .bold) + (given(key).map { "=\($0)" } ?? "")
        return "  \(name)  (\(facts(key).joined(separator: "; ")))\n      \(key.documentation)\n"
    }

    private func details(_ key: ConfigurationKey) -> String {
        var lines = [palette.paint(key.name, .bold), key.documentation, "", "  \(facts(key).joined(separator: "; "))"]
        if let value = given(key) { lines.append("  set to \(value)") }
        lines += key.rules.map { "  \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func choice(_ value: String) -> String { value.isEmpty ? "nothing" : value }

    private func facts(_ key: ConfigurationKey) -> [String] {
        var facts = [key.type]
        if !key.validValues.isEmpty { facts.append(key.validValues) }
        if !key.choices.isEmpty, key.type != "boolean" {
            facts.append("one of " + key.choices.map(Self.choice).joined(separator: ", "))
        }
        if !key.defaultValue.isEmpty { facts.append("default \(key.defaultValue)") }
        return facts
    }

    /// The value that was given, if it is not the default.
    private func given(_ key: ConfigurationKey) -> String? {
        let value = key.value(in: configuration)
        return value == key.defaultValue ? nil : value
    }

    // MARK: - For the documentation

    private var article: String {
        let head = """
            # Configuration keys

            Every key, as ``ProducerConfiguration/set(_:_:)``, `kafka.producer{}` and `kafka-lua -X` take it.

            `kafka-lua config -o markdown` writes this article from the table of keys.


            """
        let tables = grouped(row) { section in
            "## \(section.prefix(1).uppercased())\(section.dropFirst())\n\n"
                + "| key | values | default | meaning |\n|---|---|---|---|\n"
        }
        var seen: Set<String> = []
        let rules = keys.flatMap(\.rules).filter { seen.insert($0).inserted }.map { "- \($0)\n" }
        return head + tables + "\n## Between keys\n\n" + rules.joined()
    }

    private func row(_ key: ConfigurationKey) -> String {
        var values = [key.type]
        if !key.validValues.isEmpty { values.append(key.validValues) }
        // Classes are documented where they are.
        if !key.choices.isEmpty, key.type != "boolean", key.type != "class" {
            values.append(key.choices.map { $0.isEmpty ? "nothing" : "`\($0)`" }.joined(separator: ", "))
        }
        let standard = key.defaultValue.isEmpty ? "" : "`\(key.defaultValue)`"
        return "| `\(key.name)` | \(values.joined(separator: "; ")) | \(standard) | \(key.documentation) |\n"
    }

    // MARK: - For programs

    private func json(_ key: ConfigurationKey) -> String {
        JSONText.object([
            ("name", JSONText.quoted(key.name)), ("section", JSONText.quoted(key.section.rawValue)),
            ("type", JSONText.quoted(key.type)), ("valid", JSONText.quoted(key.validValues)),
            ("choices", JSONText.array(key.choices.map(JSONText.quoted))),
            ("default", JSONText.quoted(key.defaultValue)), ("value", JSONText.quoted(key.value(in: configuration))),
            ("secret", String(key.isSecret)), ("meaning", JSONText.quoted(key.documentation)),
        ]) + "\n"
    }

    private func property(_ key: ConfigurationKey) -> String {
        let value = PropertiesFile.Property(key: key.name, value: key.value(in: configuration), line: 1).text
        let isComment = given(key) == nil || key.isSecret
        return "# \(key.documentation)\n\(isComment ? "#" : "")\(value)\n"
    }
}

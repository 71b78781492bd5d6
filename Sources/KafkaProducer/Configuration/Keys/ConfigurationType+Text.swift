extension ConfigurationType where Value == Bool {
    static var boolean: ConfigurationType {
        ConfigurationType(
            "boolean", choices: ["true", "false"],
            read: { (text) throws(ConfigurationReason) in
                guard let value = Bool(text.lowercased()) else {
                    throw ConfigurationReason(text: "must be true or false")
                }
                return value
            },
            write: { String($0) })
    }
}

extension ConfigurationType where Value == String {
    /// - Parameter limit: the most bytes that it may have in UTF-8; nil for any number.
    static func text(upTo limit: Int? = nil) -> ConfigurationType {
        ConfigurationType(
            "string", validValues: limit.map { "up to \($0) bytes" } ?? "", read: { $0 }, write: { $0 },
            check: { (value) throws(ConfigurationReason) in
                try ConfigurationText.checkPrintable(value)
                if let limit, value.utf8.count > limit {
                    throw ConfigurationReason(text: "has \(value.utf8.count) bytes, at most \(limit) are allowed")
                }
            })
    }
}

extension ConfigurationType where Value == Secret {
    /// - Parameter check: what is known of its form.
    static func secret(
        _ name: String = "password", check: @escaping @Sendable (String) throws(ConfigurationReason) -> Void
    )
        -> ConfigurationType
    {
        ConfigurationType(
            name, isSecret: true, read: { Secret($0) }, write: { $0.value },
            check: { (secret) throws(ConfigurationReason) in try check(secret.value) })
    }

    static var password: ConfigurationType {
        secret { (text) throws(ConfigurationReason) in try ConfigurationText.checkPrintable(text) }
    }
}

extension ConfigurationType {
    /// One of a few names, in upper or lower case.
    /// - Parameter aliases: further names that are read, and never written.
    static func oneOf(_ values: [(name: String, value: Value)], aliases: [(name: String, value: Value)] = [])
        -> ConfigurationType where Value: Equatable & Sendable
    {
        let names = values.map(\.name)
        return ConfigurationType(
            "string", choices: names,
            read: { (text) throws(ConfigurationReason) in
                let wanted = text.lowercased()
                if let match = (values + aliases).first(where: { $0.name.lowercased() == wanted }) {
                    return match.value
                }
                throw ConfigurationReason(text: "must be one of \(names.joined(separator: ", "))")
            },
            write: { value in values.first { $0.value == value }?.name ?? "" })
    }

    /// Several, separated by commas. Nothing stands twice, and nothing is empty.
    /// - Parameter isRequired: whether there must be one at least.
    static func list<Element: Hashable & SendableMetatype>(
        of element: ConfigurationType<Element>, named name: String = "list", isRequired: Bool = false
    ) -> ConfigurationType where Value == [Element] {
        ConfigurationType(
            name, validValues: element.choices.isEmpty ? "" : "any of \(element.choices.joined(separator: ", "))",
            read: { (text) throws(ConfigurationReason) in
                var values: Value = []
                for item in ConfigurationText.items(text) {
                    if item.isEmpty { throw ConfigurationReason(text: "has an empty item") }
                    values.append(try element.read(item))
                }
                return values
            },
            write: { $0.map(element.write).joined(separator: ",") },
            check: { (values) throws(ConfigurationReason) in
                if isRequired, values.isEmpty { throw ConfigurationReason(text: "must name at least one") }
                for value in values { try element.check(value) }
                if Set(values).count < values.count { throw ConfigurationReason(text: "names something twice") }
            })
    }
}

extension ConfigurationType
where Value: CaseIterable & RawRepresentable & Equatable & Sendable, Value.RawValue == String {
    /// One of the names of an enumeration's cases.
    static var oneOfItsNames: ConfigurationType { oneOf(Value.allCases.map { ($0.rawValue, $0) }) }
}

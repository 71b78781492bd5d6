/// What the values of a key are: how they are read, written and checked.
struct ConfigurationType<Value>: Sendable {
    typealias Read = @Sendable (_ text: String) throws(ConfigurationReason) -> Value
    typealias Write = @Sendable (_ value: Value) -> String
    typealias Check = @Sendable (_ value: Value) throws(ConfigurationReason) -> Void

    /// As Kafka's documentation names it: "int", "boolean", "list".
    var name: String
    /// What values there are, where the name does not say it all: "0 to 17".
    var validValues = ""
    /// The values, where there are only a few.
    var choices: [String] = []
    /// Whether values must not be shown.
    var isSecret = false
    let read: Read
    let write: Write
    /// Also asked about values that were set in code, which nobody has read.
    let check: Check

    init(
        _ name: String, validValues: String = "", choices: [String] = [], isSecret: Bool = false, read: @escaping Read,
        write: @escaping Write, check: @escaping Check = { _ in }
    ) {
        self.name = name
        self.validValues = validValues
        self.choices = choices
        self.isSecret = isSecret
        self.read = read
        self.write = write
        self.check = check
    }
}

extension ConfigurationType {
    /// A key whose default depends on other keys, which nil stands for.
    /// - Parameter usual: the default as long as the other keys are left alone.
    static func automatic<Wrapped: Sendable>(_ type: ConfigurationType<Wrapped>, usually usual: Wrapped)
        -> ConfigurationType where Value == Wrapped?
    {
        type.wrapped(read: type.read, write: { type.write($0 ?? usual) })
    }

    /// A key without a default: nil, which nothing is written for.
    static func optional<Wrapped>(_ type: ConfigurationType<Wrapped>) -> ConfigurationType where Value == Wrapped? {
        type.wrapped(
            read: { (text) throws(ConfigurationReason) in
                if text.isEmpty { throw ConfigurationReason(text: "must not be empty") }
                return try type.read(text)
            },
            write: { $0.map(type.write) ?? "" })
    }

    private func wrapped(
        read: @escaping Read, write: @escaping @Sendable (Value?) -> String
    ) -> ConfigurationType<Value?> {
        ConfigurationType<Value?>(
            name, validValues: validValues, choices: choices, isSecret: isSecret,
            read: { (text) throws(ConfigurationReason) in try read(text) }, write: write,
            check: { (value) throws(ConfigurationReason) in if let value { try check(value) } })
    }
}

import KafkaProducer

/// What the command line says of the client: keys and values as text, in the order in which they were given.
///
/// A key that stands twice has the value that was given last: files first, then `-X`, then `-b`.
struct ClientConfiguration: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        var key: String
        var value: String
        /// Where it stands, as `file:line`; nil for the command line.
        var origin: String?
    }

    private(set) var entries: [Entry] = []

    static let bootstrapKey = "bootstrap.servers"

    /// The value that counts for a key.
    subscript(key: String) -> String? { entries.last { $0.key == key }?.value }

    /// Whether a broker was named; otherwise the embedded one serves.
    var namesBroker: Bool { self[Self.bootstrapKey] != nil }

    mutating func set(_ key: String, _ value: String, origin: String? = nil) {
        entries.removeAll { $0.key == key }
        entries.append(Entry(key: key, value: value, origin: origin))
    }

    /// The same without some of the entries.
    func removing(_ isUnwanted: (Entry) -> Bool) -> ClientConfiguration {
        var rest = self
        rest.entries.removeAll(where: isUnwanted)
        return rest
    }

    /// Another configuration, as `\\use` names it: a file, the name of one in the user's folder, or `host:port`, which
    /// stands in place of the broker of the present one.
    static func named(
        _ name: String, over present: ClientConfiguration, environment: (String) -> String?
    ) throws(Failure) -> ClientConfiguration {
        let paths = [name] + (UserFolder.configuration(environment).map { ["\($0)/\(name).properties"] } ?? [])
        if let path = paths.first(where: SourceFile.exists) {
            var configuration = ClientConfiguration()
            try configuration.add(file: Failure.catching { try SourceFile.bytes(path) }, path: path)
            guard configuration.namesBroker else { throw Failure("\(path) has no \(bootstrapKey)") }
            return configuration
        }
        guard name.contains(":"), !name.contains("/") else {
            throw Failure(
                "there is no configuration \(name)",
                hint: "a .properties file, the name of one in ~/.config/kafka-lua, or host:port")
        }
        var configuration = present
        configuration.set(bootstrapKey, name)
        return configuration
    }

    /// Adds a Java `.properties` file.
    mutating func add(file bytes: [UInt8], path: String) throws(Failure) {
        do {
            for property in try PropertiesFile(parsing: bytes).properties {
                set(property.key, property.value, origin: "\(path):\(property.line)")
            }
        } catch {
            throw Failure("\(path):\(error.line): \(error.reason)", exitCode: 2)
        }
    }

    /// Adds a `key=value` of the command line.
    mutating func add(assignment text: String) throws(Failure) {
        guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
            // What follows the name may be a secret.
            let name = text.prefix { $0.isLetter || $0.isNumber || "._-".contains($0) }
            throw Failure.usage("-X takes key=value, not \(name)", hint: "for example: -X linger.ms=20")
        }
        set(String(text[..<sign]).trimmingWhitespace(), String(text[text.index(after: sign)...]))
    }
}

import KafkaProducer

/// How a script's keys and values become bytes.
enum ScriptSerializer: String, CaseIterable {
    /// Strings as they are.
    case bytes
    /// The same; the name that Java's users look for.
    case string
    /// Anything that JSON has, tables included.
    case json

    private static let javaNames = [
        "org.apache.kafka.common.serialization.StringSerializer": ScriptSerializer.string,
        "org.apache.kafka.common.serialization.ByteArraySerializer": .bytes,
    ]

    init(named name: String, key: String) throws(KafkaError) {
        guard let serializer = ScriptSerializer(rawValue: name) ?? Self.javaNames[name] else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw KafkaError(.configuration, "\(key)=\(name): must be one of \(names)")
        }
        self = serializer
    }
}

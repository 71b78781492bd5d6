/// A serializer by its name, as `key.serializer` and `value.serializer` have it, for hosts that choose at run time.
///
/// ``Producer`` takes its serializers as arguments instead, where the compiler checks that they fit.
public indirect enum NamedSerializer: Sendable, Hashable {
    case string, bytes, int16, int32, int64, float, double, bool, uuid, void, json
    /// A list, with the serializer of its items.
    case list(NamedSerializer)

    /// Reads a short name or the name of a Java class.
    /// - Throws: `KafkaError` of kind `configuration`.
    public init(_ name: String) throws(KafkaError) {
        do {
            self = try Self(reading: ConfigurationText.trimmed(name))
        } catch {
            throw KafkaError(.configuration, "serializer '\(ConfigurationText.shown(name))': \(error.text)")
        }
    }

    init(reading text: String) throws(ConfigurationReason) {
        if let match = Self.simple.first(where: { $0.name == text })?.serializer ?? Self.javaClasses[text] {
            self = match
        } else if text.hasPrefix("list<"), text.last == ">" {
            guard text.utf8.count <= Self.longestName else { throw ConfigurationReason(text: "is too long") }
            self = .list(try Self(reading: ConfigurationText.trimmed(text.dropFirst(5).dropLast())))
        } else {
            throw ConfigurationReason(
                text: Self.advice[text] ?? "must be one of \(Self.names.joined(separator: ", ")), or given in code")
        }
    }

    /// The short name: `int64`, `list<string>`.
    public var name: String {
        if case .list(let item) = self { return "list<\(item.name)>" }
        return Self.simple.first { $0.serializer == self }?.name ?? ""
    }

    /// The short names; `list` with an example of an item.
    public static let names = simple.map(\.name) + ["list<string>"]

    /// Whether all values have as many bytes as each other.
    package var hasConstantSize: Bool {
        switch self {
        case .int16, .int32, .int64, .float, .double, .uuid: true
        case .string, .bytes, .bool, .void, .json, .list: false
        }
    }

    /// Lists of lists are nested no deeper than this many bytes say.
    private static let longestName = 128

    private static let simple: [(name: String, serializer: NamedSerializer)] = [
        ("string", .string), ("bytes", .bytes), ("int16", .int16), ("int32", .int32), ("int64", .int64),
        ("float", .float), ("double", .double), ("bool", .bool), ("uuid", .uuid), ("void", .void), ("json", .json),
    ]
}

extension NamedSerializer {
    /// - Throws: `KafkaError` of kind `configuration` if a type goes by another one of these serializers, so that a
    ///   consumer which trusts the file would not understand the records.
    func requireMatch<Value>(_ key: String, _ serializer: Serializer<Value>) throws(KafkaError) {
        guard serializer.name != name, (try? NamedSerializer(serializer.name)) != nil else { return }
        throw KafkaError(
            .configuration,
            "\(key)=\(name): the producer's type is \(Value.self), whose serializer is \(serializer.name); "
                + "leave the key out, or give the producer a serializer")
    }
}

// MARK: - Java's names

extension NamedSerializer {
    private static let javaPackage = "org.apache.kafka.common.serialization."

    private static let javaClasses: [String: NamedSerializer] = {
        let classes: [(String, NamedSerializer)] = [
            ("StringSerializer", .string), ("ByteArraySerializer", .bytes), ("ByteBufferSerializer", .bytes),
            ("BytesSerializer", .bytes), ("ShortSerializer", .int16), ("IntegerSerializer", .int32),
            ("LongSerializer", .int64), ("FloatSerializer", .float), ("DoubleSerializer", .double),
            ("BooleanSerializer", .bool), ("UUIDSerializer", .uuid), ("VoidSerializer", .void),
        ]
        let others: [(String, NamedSerializer)] = [
            ("org.apache.kafka.connect.json.JsonSerializer", .json),
            ("io.confluent.kafka.serializers.KafkaJsonSerializer", .json),
            ("org.springframework.kafka.support.serializer.JsonSerializer", .json),
        ]
        return Dictionary(
            classes.map { (javaPackage + $0.0, $0.1) } + others, uniquingKeysWith: { first, _ in first })
    }()

    /// What to say of names that are known and cannot be taken.
    private static let advice: [String: String] = {
        let registry = "needs a schema registry, which is not supported yet"
        return [
            "list": "needs the items' serializer: list<int64>",
            javaPackage + "ListSerializer": "needs the items' serializer: write list<int64>",
            "avro": registry, "protobuf": registry,
            "io.confluent.kafka.serializers.KafkaAvroSerializer": registry,
            "io.confluent.kafka.serializers.protobuf.KafkaProtobufSerializer": registry,
            "io.confluent.kafka.serializers.json.KafkaJsonSchemaSerializer": registry,
        ]
    }()
}

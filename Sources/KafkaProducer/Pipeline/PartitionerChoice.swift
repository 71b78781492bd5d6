/// The partitioner that a configuration names, or brings.
public enum PartitionerChoice: Sendable {
    /// By murmur2 of the key; records without a key stick to a partition for a batch (KIP-794).
    case `default`
    /// Each record to the next partition, whatever its key.
    case roundRobin
    /// As the default, but keys count for nothing.
    case uniformSticky
    case custom(any Partitioner)

    /// The names that `partitioner.class` takes.
    static let named: [(name: String, choice: PartitionerChoice)] = [
        ("default", .default), ("round_robin", .roundRobin), ("uniform_sticky", .uniformSticky),
    ]

    private static let javaNames: [String: PartitionerChoice] = [
        "org.apache.kafka.clients.producer.RoundRobinPartitioner": .roundRobin,
        "org.apache.kafka.clients.producer.UniformStickyPartitioner": .uniformSticky,
        "org.apache.kafka.clients.producer.internals.DefaultPartitioner": .default,
    ]

    init(named text: String) throws(ConfigurationReason) {
        if let choice = Self.named.first(where: { $0.name == text })?.choice ?? Self.javaNames[text] {
            self = choice
        } else if text.isEmpty {
            self = .default
        } else {
            throw ConfigurationReason(
                text: "must be one of \(Self.named.map(\.name).joined(separator: ", ")), or given in code")
        }
    }

    /// What has to be asked; nil where the built-in partitioner does it all.
    package func makePartitioner() -> (any Partitioner)? {
        switch self {
        case .default, .uniformSticky: nil
        case .roundRobin: RoundRobinPartitioner()
        case .custom(let partitioner): partitioner
        }
    }

    package var ignoresKeys: Bool { if case .uniformSticky = self { true } else { false } }

    var name: String {
        switch self {
        case .default: "default"
        case .roundRobin: "round_robin"
        case .uniformSticky: "uniform_sticky"
        case .custom(let partitioner): "\(type(of: partitioner))"
        }
    }
}

/// The partitioner that a configuration names, or brings.
public enum PartitionerChoice: Sendable {
    /// By murmur2 of the key; records without a key stick to a partition for a batch (KIP-794).
    case `default`
    /// Each record to the next partition, whatever its key (Java's RoundRobinPartitioner).
    case roundRobin
    /// As the default, but keys count for nothing (Java's UniformStickyPartitioner, KIP-480).
    case uniformSticky
    /// librdkafka's `consistent`: by CRC-32 of the key; a missing key counts as an empty one.
    case consistent
    /// librdkafka's own default: by CRC-32 of the key; records with an empty key or none stick as the default's do.
    case consistentRandom
    /// librdkafka's `murmur2`: as Java chooses; a missing key counts as an empty one.
    case murmur2
    /// librdkafka's `murmur2_random`: the default under another name, but that `partitioner.ignore.keys` does not apply.
    case murmur2Random
    /// librdkafka's and Sarama's `fnv1a`: by 32-bit FNV-1a of the key; a missing key counts as an empty one.
    case fnv1a
    /// By 32-bit FNV-1a of the key; records without a key stick as the default's do.
    case fnv1aRandom
    /// librdkafka's `random`: each record with a key to any partition; those without stick as the default's do.
    case random
    case custom(any Partitioner)

    private static let builtIn: [PartitionerChoice] = [
        .default, .roundRobin, .uniformSticky, .consistent, .consistentRandom, .murmur2, .murmur2Random, .fnv1a,
        .fnv1aRandom, .random,
    ]

    /// The names that `partitioner.class` takes.
    static let named = builtIn.map { (name: $0.name, choice: $0) }

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

    var name: String {
        switch self {
        case .default: "default"
        case .roundRobin: "round_robin"
        case .uniformSticky: "uniform_sticky"
        case .consistent: "consistent"
        case .consistentRandom: "consistent_random"
        case .murmur2: "murmur2"
        case .murmur2Random: "murmur2_random"
        case .fnv1a: "fnv1a"
        case .fnv1aRandom: "fnv1a_random"
        case .random: "random"
        case .custom(let partitioner): "\(type(of: partitioner))"
        }
    }
}

extension PartitionerChoice {
    /// What has to be asked; nil where the built-in partitioner does it all.
    package func makePartitioner() -> (any Partitioner)? { makePartitioner(chance: Chance()) }

    func makePartitioner(chance: Chance) -> (any Partitioner)? {
        switch self {
        case .default, .uniformSticky, .murmur2Random: nil
        case .roundRobin: RoundRobinPartitioner()
        case .consistent: HashPartitioner(hash: .crc32, spread: .none)
        case .consistentRandom: HashPartitioner(hash: .crc32, spread: .missingAndEmptyKeys)
        case .murmur2: HashPartitioner(hash: .murmur2, spread: .none)
        case .fnv1a: HashPartitioner(hash: .fnv1a, spread: .none)
        case .fnv1aRandom: HashPartitioner(hash: .fnv1a, spread: .missingKeys)
        case .random: RandomPartitioner(chance: chance)
        case .custom(let partitioner): partitioner
        }
    }

    /// Whether the built-in partitioner, where this choice leaves a record to it, takes no notice of the key.
    /// - Parameter configured: `partitioner.ignore.keys`, which applies to the default only, as in Java.
    package func ignoresKeys(configured: Bool) -> Bool {
        switch self {
        case .default, .custom: configured
        case .murmur2Random: false
        default: true
        }
    }
}

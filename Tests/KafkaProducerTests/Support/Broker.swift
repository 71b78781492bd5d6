import DevBroker
import KafkaWire
import Logging

@testable import KafkaProducer

/// A broker in this process, and producers that are set up to fail fast.
struct Broker {
    let broker: DevBroker

    init(nodes: Int = 1, partitions: Int = 3, dataDirectory: String? = nil) throws {
        var configuration = DevBrokerConfiguration()
        configuration.nodes = nodes
        configuration.partitionsPerTopic = partitions
        configuration.dataDirectory = dataDirectory
        try self.init(configuration)
    }

    /// A broker that can come back to its port.
    static func lasting(port: Int = 0, dataDirectory: String) throws -> Broker {
        var configuration = DevBrokerConfiguration()
        configuration.dataDirectory = dataDirectory
        configuration.port = port
        return try Broker(configuration)
    }

    init(_ configuration: DevBrokerConfiguration) throws {
        var configuration = configuration
        configuration.logger.logLevel = .critical
        broker = DevBroker(configuration)
        try broker.startBlocking()
    }

    func configuration(_ keys: [String: String] = [:]) throws(KafkaError) -> ProducerConfiguration {
        try .quick(broker.bootstrapServers, keys)
    }

    func producer(
        _ keys: [String: String] = [:], interceptors: [any ProducerInterceptor<String, String>] = [],
        partitioner: (any Partitioner)? = nil
    ) throws(KafkaError) -> Producer<String, String> {
        var configuration = try configuration(keys)
        if let partitioner { configuration.partitioner = .custom(partitioner) }
        return try Producer(configuration, interceptors: interceptors)
    }

    func records(_ topic: String, partition: Int = 0) throws -> [Record] {
        try broker.records(topic: topic, partition: partition)
    }

    /// Keys and values as text, in order.
    func texts(_ topic: String, partition: Int = 0) throws -> [Text] {
        try records(topic, partition: partition).map { Text(key: text($0.key), value: text($0.value)) }
    }

    /// The same of what readers of committed records see in any partition, as `key value`, sorted.
    func committed(_ topic: String, partitions: Int = 3) throws -> [String] {
        try (0..<partitions).flatMap { partition in
            try broker.records(topic: topic, partition: partition, committedOnly: true)
                .map { "\(text($0.key) ?? "null") \(text($0.value) ?? "null")" }
        }.sorted()
    }

    struct Text: Equatable {
        var key: String?
        var value: String?
    }

    private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
}

extension ProducerConfiguration {
    /// Short waits, and other keys as given.
    static func quick(_ servers: String, _ keys: [String: String] = [:]) throws(KafkaError) -> ProducerConfiguration {
        var configuration = try ProducerConfiguration(bootstrapServers: servers)
        for (key, value) in [
            "max.block.ms": "20000", "linger.ms": "1", "retry.backoff.ms": "5", "retry.backoff.max.ms": "20",
            "reconnect.backoff.ms": "5", "reconnect.backoff.max.ms": "20",
        ].merging(keys, uniquingKeysWith: { $1 }) {
            try configuration.set(key, value)
        }
        return configuration
    }
}

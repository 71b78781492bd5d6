import DevBroker
import KafkaProducer

/// A broker in memory for one test, and what was written to it.
final class TestBroker: Sendable {
    private let broker: DevBroker
    private let order = AppendOrder()

    init(partitions: Int = 3, transactionVersion: Int16 = 2) async throws {
        var configuration = DevBrokerConfiguration()
        configuration.onAppend = { [order] in order.note($0, $1, $2) }
        configuration.partitionsPerTopic = partitions
        configuration.transactionVersion = transactionVersion
        broker = DevBroker(configuration)
        try await broker.start()
    }

    deinit { try? broker.shutdownBlocking() }

    var bootstrapServers: String { broker.addresses.map(\.description).joined(separator: ",") }

    func stop() { try? broker.shutdownBlocking() }

    /// The values that readers of what is committed see in partition 0.
    func committed(_ topic: String) throws -> [String] {
        try broker.records(topic: topic, partition: 0, committedOnly: true).map {
            String(decoding: $0.value ?? [], as: UTF8.self)
        }
    }

    func committedOffset(ofGroup group: String, topic: String, partition: Int) -> Int64? {
        broker.committedOffset(ofGroup: group, topic: topic, partition: partition)
    }

    /// Refuses the next batches of a partition, which are then sent again.
    func refuse(_ times: Int, _ topic: String, _ partition: Int32) {
        broker.inject(.error(.notEnoughReplicas), times: times, topic: topic, partition: partition)
    }

    /// All records of a topic as they lie in the log, in the order in which they were stored, whatever their partitions.
    func recordsAsStored(of topic: String) async throws -> [ConsumedRecord] {
        let records = try await records(of: topic)
        let places = records.map { order.place(of: topic, Int($0.partition), $0.offset) }
        return zip(records, places).sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// All records of a topic, in order within each partition.
    func records(of topic: String) async throws -> [ConsumedRecord] {
        let configuration = try ProducerConfiguration(properties: [("bootstrap.servers", bootstrapServers)])
        let reader = TopicReader(configuration, topic: topic)
        var records: [ConsumedRecord] = []
        repeat { records += try await reader.poll() } while await !reader.isAtEnd
        await reader.close()
        return records.sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) }
    }
}

extension ConsumedRecord {
    var keyText: String? { key.map { String(decoding: $0, as: UTF8.self) } }
    var valueText: String? { value.map { String(decoding: $0, as: UTF8.self) } }
    /// `partition:key=value`, for comparisons that read well.
    var line: String { "\(partition):\(keyText ?? "null")=\(valueText ?? "null")" }
}

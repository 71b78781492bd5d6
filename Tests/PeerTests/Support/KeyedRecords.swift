import KafkaProducer
import Testing

/// A producer of small batches with short waits, and all that was sent with it.
final class KeyedRecords {
    private let bootstrapServers: String
    private let topic: String
    private let producer: Producer<String, String>
    private var lines: [Line] = []

    init(to topic: String, on bootstrapServers: String, _ settings: [String: String] = [:]) throws {
        var configuration = try ProducerConfiguration(bootstrapServers: bootstrapServers)
        let short = [
            "batch.size": "500", "linger.ms": "0", "retry.backoff.ms": "1", "retry.backoff.max.ms": "10",
            "reconnect.backoff.ms": "1", "reconnect.backoff.max.ms": "10", "max.block.ms": "10000",
        ]
        for (key, value) in short.merging(settings, uniquingKeysWith: { $1 }) { try configuration.set(key, value) }
        producer = try Producer(configuration)
        self.bootstrapServers = bootstrapServers
        self.topic = topic
    }

    /// Sends records with 20 different keys.
    func begin(_ count: Int) throws -> [DeliveryFuture] {
        let new = (lines.count..<lines.count + count).map { Line(key: "key-\($0 % 20)", value: "value \($0)") }
        lines += new
        return try new.map { try producer.send($0.record(to: topic)) }
    }

    /// Sends records and waits until all are stored.
    func send(_ count: Int) async throws {
        for future in try begin(count) { _ = try await future.value }
    }

    /// Sends a record that is not expected to be stored.
    func sendInVain() throws -> DeliveryFuture {
        try producer.send(Line(value: "in vain").record(to: topic))
    }

    /// Closes the producer and expects all records in the topic.
    /// - Parameters:
    ///   - inOrder: Whether those of a key have to be in the order in which they were sent.
    ///   - once: Whether no record may be there a second time; otherwise the first of each counts.
    func finish(inOrder: Bool = true, once: Bool = true) async throws {
        await producer.close()
        var read = try await Kcat(bootstrapServers: bootstrapServers).read(topic)
        if once { #expect(read.count == lines.count) }
        var seen: Set<Line> = []
        read.removeAll { !seen.insert($0.content).inserted }
        #expect(Set(lines).subtracting(seen).isEmpty)
        #expect(seen.subtracting(lines).isEmpty)
        guard inOrder else { return }
        for (key, sent) in Dictionary(grouping: lines, by: \.key) {
            let misplaced = zip(read.filter { $0.key == key }, sent).first { $0.value != $1.value }
            #expect(misplaced == nil, "\(key ?? "") is out of order")
        }
    }
}

import KafkaProducer

extension Line {
    /// The record that our producer sends for this line.
    func record(to topic: String) -> ProducerRecord<String, String> {
        var record = ProducerRecord<String, String>(topic: topic, key: key, value: value)
        for header in headers.split(separator: ",") {
            let parts = header.split(separator: "=", maxSplits: 1)
            record.headers.add(String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
        }
        return record
    }
}

/// A peer that does not answer fails a test within this time, not within Kafka's two minutes.
private let limits = ["max.block.ms": "10000", "request.timeout.ms": "10000", "delivery.timeout.ms": "20000"]

/// Sends the lines with our producer and answers what it says of where each was stored.
func produce(
    _ lines: [Line], to topic: String, on bootstrapServers: String, settings: [String: String] = [:]
) async throws -> [RecordMetadata] {
    var configuration = try ProducerConfiguration(properties: limits.merging(settings) { $1 })
    try configuration.set("bootstrap.servers", bootstrapServers)
    let producer = try Producer<String, String>(configuration)
    let futures = try sendAll(lines.map { $0.record(to: topic) }, with: producer)
    await producer.flush()
    var stored: [RecordMetadata] = []
    for future in futures { stored.append(try await future.value) }
    await producer.close()
    return stored
}

/// Not async: the `send` that returns a future is meant, which a suspending function would not choose.
private func sendAll(
    _ records: [ProducerRecord<String, String>], with producer: Producer<String, String>
) throws -> [DeliveryFuture] {
    try records.map { try producer.send($0) }
}

extension Line {
    /// A record as our reader read it.
    init(_ record: ConsumedRecord) {
        func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
        self.init(
            partition: Int(record.partition), offset: Int(record.offset), key: text(record.key),
            value: text(record.value),
            headers: record.headers.map { "\($0.name)=\(text($0.value) ?? "NULL")" }.joined(separator: ","))
    }
}

import Testing

@testable import KafkaProducer

/// Ten records with keys; a callback prints where each of them went.
@Suite struct TenRecordsExample {
    @Test func tenRecordsSayWhereTheyWent() throws {
        let broker = try Broker()
        let printed = Log<String>()
        let producer = try Producer<String, String>(broker.configuration())
        for number in 0..<10 {
            try producer.send(ProducerRecord(topic: "orders", key: "key-\(number)", value: "value-\(number)")) {
                metadata, error in
                printed.append(error.map(\.description) ?? "\(metadata.topic) \(metadata.partition) \(metadata.offset)")
            }
        }
        try producer.close()

        let stored = try (0..<3).map { try broker.texts("orders", partition: $0) }
        #expect(stored.joined().count == 10)
        #expect(stored[2].contains { $0.key == "key-6" })
        #expect(
            Set(printed.entries)
                == Set(stored.enumerated().flatMap { id, records in records.indices.map { "orders \(id) \($0)" } }))
    }
}

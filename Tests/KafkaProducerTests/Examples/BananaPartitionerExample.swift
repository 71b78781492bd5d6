import KafkaWire
import Testing

@testable import KafkaProducer

/// The customer Banana is so large that a partition is kept for it: the last one.
final class BananaPartitioner: Partitioner {
    struct MissingKey: Error, CustomStringConvertible {
        var description: String { "all records must have a customer's name as key" }
    }

    func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) throws -> Int32? {
        guard let key = record.key else { throw MissingKey() }
        if partitions.count == 1 || record.keyEquals("Banana") { return partitions.count - 1 }
        return Murmur2.toPositive(Murmur2.hash(key)) % (partitions.count - 1)
    }
}

@Suite struct BananaPartitionerExample {
    let broker: Broker

    init() throws { broker = try Broker(partitions: 4) }

    @Test func bananaHasTheLastPartitionToItself() throws {
        let producer = try broker.producer(partitioner: BananaPartitioner())
        for customer in ["Banana", "Apple", "Cherry", "Banana", "Damson", "Elder"] {
            try producer.send(ProducerRecord(topic: "sales", key: customer, value: "1"))
        }
        try producer.close()
        #expect(try broker.texts("sales", partition: 3).map(\.key) == ["Banana", "Banana"])
        let others = try (0..<3).flatMap { try broker.texts("sales", partition: $0) }.compactMap(\.key)
        #expect(others.sorted() == ["Apple", "Cherry", "Damson", "Elder"])
    }

    @Test func aMissingKeyIsAnErrorOfThatRecord() throws {
        let producer = try broker.producer(partitioner: BananaPartitioner())
        let error = #expect(throws: KafkaError.self) {
            try producer.send(ProducerRecord(topic: "sales", value: "1")).get()
        }
        #expect(error == KafkaError(.partitioner, "all records must have a customer's name as key"))
        try producer.close()
    }
}

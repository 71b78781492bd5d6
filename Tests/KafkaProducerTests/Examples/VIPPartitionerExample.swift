import Testing

@testable import KafkaProducer

/// Important customers go to partition 0; the built-in partitioner decides about the others.
final class VIPPartitioner: Partitioner {
    func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) -> Int32? {
        record.keyText?.hasPrefix("VIP") == true ? 0 : nil
    }
}

@Suite struct VIPPartitionerExample {
    @Test func importantCustomersGoToPartitionZero() throws {
        let broker = try Broker()
        let producer = try broker.producer(partitioner: VIPPartitioner())
        for key in ["VIP-1", "key-6", "VIP-2"] { try producer.send(ProducerRecord(topic: "t", key: key, value: "v")) }
        try producer.close()
        #expect(try broker.texts("t", partition: 0).map(\.key) == ["VIP-1", "VIP-2"])
        #expect(try broker.texts("t", partition: 2).map(\.key) == ["key-6"])
    }
}

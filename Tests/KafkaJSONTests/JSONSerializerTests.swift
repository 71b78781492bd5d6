import DevBroker
import Foundation
import KafkaJSON
import KafkaProducer
import KafkaWire
import Testing

@Suite struct JSONSerializerTests {
    private struct Order: Encodable, Sendable {
        var id: Int64
        var name: String
        var price: Double?
    }

    @Test("7.3 A value is stored as JSON, with sorted keys")
    func aValueIsStoredAsJSONWithSortedKeys() throws {
        let broker = DevBroker()
        try broker.startBlocking()
        defer { try? broker.shutdownBlocking() }
        let producer = try Producer<Int64, Order>(
            ProducerConfiguration(bootstrapServers: broker.bootstrapServers), keySerializer: .int64,
            valueSerializer: .json)
        let metadata = try producer.send(
            ProducerRecord(topic: "orders", key: 7, value: Order(id: 7, name: "Käse", price: 1.5))
        ).get()
        try producer.close()
        let record = try broker.records(topic: "orders", partition: Int(metadata.partition))[0]
        #expect(record.key == [0, 0, 0, 0, 0, 0, 0, 7])
        #expect(record.value.map { String(decoding: $0, as: UTF8.self) } == #"{"id":7,"name":"Käse","price":1.5}"#)
    }

    @Test func aNumberThatJSONDoesNotHaveIsASerializationError() throws {
        let producer = try Producer<String, Order>(
            ProducerConfiguration(bootstrapServers: "127.0.0.1:1"), keySerializer: .string, valueSerializer: .json)
        defer { try? producer.close(timeout: .zero) }
        let error = #expect(throws: KafkaError.self) {
            try producer.send(ProducerRecord(topic: "orders", value: Order(id: 1, name: "", price: .nan)))
        }
        #expect(error?.kind == .serialization)
    }

    @Test func aUUIDOfFoundationIsItsText() throws {
        let id = try #require(UUID(uuidString: "123E4567-E89B-12D3-A456-426614174000"))
        #expect(try Serializer<UUID>.uuid.serialize(id) == Array("123e4567-e89b-12d3-a456-426614174000".utf8))
    }
}

import DevBroker
import KafkaWire
import NIOCore
import NIOPosix
import Testing

@testable import KafkaProducer

/// Offsets that transactions send to the embedded broker, read back from it.
@Suite struct TransactionOffsetsTests {
    private func committed(of group: String, on broker: DevBroker) async throws -> [String: Int64] {
        let address = try #require(BrokerAddress(broker.bootstrapServers))
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let connection = try await BrokerConnection.open(
            address, at: SocketAddress(ipAddress: address.host, port: address.port),
            configuration: ProducerConfiguration(), setupTimeout: .seconds(10), on: loop
        ).get()
        let request = OffsetFetchRequest {
            $0.groupId = group
            $0.topics = nil
        }
        let (response, _) = try await connection.answer(to: request, atMost: 7, timeout: .seconds(10), on: loop)
        loop.execute { connection.close(KafkaError(.closed, "read")) }
        var offsets: [String: Int64] = [:]
        for topic in response.topics {
            for partition in topic.partitions {
                offsets["\(topic.name)-\(partition.partitionIndex)"] = partition.committedOffset
            }
        }
        return offsets
    }

    @Test(
        "5.26 The offsets of a committed transaction are the group's, those of an aborted one are not",
        arguments: [Int16(0), 2])
    func offsets(version: Int16) async throws {
        var configuration = DevBrokerConfiguration()
        configuration.transactionVersion = version
        let broker = DevBroker(configuration)
        try await broker.start()
        try broker.createTopic("in", partitions: 2)
        let producer = try Producer<String, String>(
            .quick(broker.bootstrapServers, ["transactional.id": "mover"]))
        try await producer.initTransactions()
        let group = ConsumerGroupMetadata(groupId: "readers")
        let (first, second) = (TopicPartition(topic: "in", partition: 0), TopicPartition(topic: "in", partition: 1))
        try await producer.withTransaction {
            try await producer.send(ProducerRecord(topic: "out", value: "v"))
            try await producer.sendOffsetsToTransaction(
                [first: OffsetAndMetadata(5), second: OffsetAndMetadata(7)], groupMetadata: group)
        }
        try await producer.beginTransaction()
        try await producer.sendOffsetsToTransaction([first: OffsetAndMetadata(6)], groupMetadata: group)
        try await producer.abortTransaction()
        await producer.close()
        #expect(try await committed(of: "readers", on: broker) == ["in-0": 5, "in-1": 7])
        try await broker.shutdown()
    }
}

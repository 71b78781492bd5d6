import DevBroker
import TestSupport
import Testing

@testable import KafkaProducer

@Suite struct DeliveryTests {
    @Test func recordsSurviveABrokerThatGoesAwayAndComesBack() async throws {
        let folder = try TemporaryFolder()
        let first = try Broker.lasting(dataDirectory: folder.path)
        let port = try #require(first.broker.addresses.first?.port)
        let producer = try first.producer()
        try await producer.send(ProducerRecord(topic: "t", partition: 0, value: "0"))
        try first.broker.shutdownBlocking()
        let futures = try (1..<200).map {
            try producer.send(ProducerRecord(topic: "t", partition: 0, value: "\($0)"), onCompletion: nil)
        }
        let second = try await comeBack(to: port, folder)
        for future in futures { _ = try await future.value }
        #expect(try second.texts("t").map(\.value) == (0..<200).map { "\($0)" })
        await producer.close()
    }

    /// Somebody else may have got the port meanwhile, and gives it back some time.
    private func comeBack(to port: Int, _ folder: TemporaryFolder) async throws -> Broker {
        let deadline = ContinuousClock.now + .seconds(90)
        while true {
            do {
                return try Broker.lasting(port: port, dataDirectory: folder.path)
            } catch  where ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    @Test func aHundredThousandRecordsArriveOnceAndInOrderOverThreeNodes() throws {
        let broker = try Broker(nodes: 3, partitions: 6)
        let producer = try broker.producer(["batch.size": "4096"])
        let failures = Log<KafkaError>()
        for number in 0..<100_000 {
            try producer.send(ProducerRecord(topic: "t", partition: Int32(number % 6), value: "\(number)")) {
                _, error in
                if let error { failures.append(error) }
            }
        }
        try producer.close()
        #expect(failures.entries == [])
        for partition in 0..<6 {
            let values = try broker.texts("t", partition: partition).compactMap(\.value)
            #expect(values == stride(from: partition, to: 100_000, by: 6).map { "\($0)" })
        }
    }

    @Test func severalThreadsSendAtOnce() async throws {
        let broker = try Broker(nodes: 2, partitions: 4)
        let producer = try broker.producer(["batch.size": "1024"])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask {
                    for number in 0..<2000 {
                        try producer.send(
                            ProducerRecord(topic: "t", key: "\(thread)", value: "\(number)"), onCompletion: nil)
                    }
                }
            }
            try await group.waitForAll()
        }
        await producer.close()
        var byThread: [String: [String]] = [:]
        for partition in 0..<4 {
            for record in try broker.texts("t", partition: partition) {
                byThread[record.key ?? "", default: []].append(record.value ?? "")
            }
        }
        #expect(byThread.count == 4)
        #expect(byThread.values.allSatisfy { $0 == (0..<2000).map { "\($0)" } })
    }

    @Test func aBatchThatCannotBeDeliveredFailsInTime() throws {
        let broker = try Broker()
        let producer = try broker.producer([
            "delivery.timeout.ms": "200", "request.timeout.ms": "100",
        ])
        _ = try producer.partitions(of: "t")
        try broker.broker.shutdownBlocking()
        let future = try producer.send(ProducerRecord(topic: "t", partition: 0, value: "v"))
        let error = #expect(throws: KafkaError.self) { try future.get() }
        #expect(error?.kind == .timeout)
        #expect(error?.message.contains("delivery.timeout.ms=200") == true)
        try producer.close()
    }
}

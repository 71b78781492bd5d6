import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct ConnectionRuleTests {
    /// The highest version of ApiVersions that is spoken, and those that are asked for.
    static let refusals: [(Int16, [Int16])] = [(2, [4, 2]), (0, [4, 2, 0])]

    private func record(_ value: String = "v", to partition: Int32 = 0) -> ProducerRecord<String, String> {
        ProducerRecord(topic: "t", partition: partition, value: value)
    }

    @Test("4.5 A throttled connection sends nothing, while others do")
    func throttlingHoldsTheConnection() throws {
        let broker = try ManualBroker(nodes: 2, .init(partitions: 2, leaders: [1: 1]))
        let producer = try broker.producer()
        let first = try producer.send(record())
        let throttled = try broker.nextProduce()
        throttled.answer(throttle: 60_000)
        try first.get()
        let held = try producer.send(record("held"))
        let free = try producer.send(record("free", to: 1))
        #expect(try broker.nextProduce().answered().node == 1)
        try free.get()
        // Whatever else is asked goes over another too.
        let before = broker.requests.entries.count
        _ = try producer.partitions(of: "other")
        #expect(broker.requests.entries[before...].allSatisfy { $0.connection != throttled.connection })
        #expect(!held.isDone)
        #expect(broker.hasNoMore)
        try producer.close(timeout: .zero)
    }

    @Test("4.5 When the time is over it sends again")
    func throttlingEnds() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer()
        let first = try producer.send(record())
        try broker.nextProduce().answer(throttle: 50)
        try first.get()
        try producer.send(record()).get(answering: broker)
        try producer.close()
    }

    @Test("4.9 Each connection begins with ApiVersions")
    func versionsAreAskedFirst() throws {
        let broker = try ManualBroker(nodes: 2, .init(partitions: 2, leaders: [1: 1]))
        let producer = try broker.producer()
        for partition in 0..<2 as Range<Int32> {
            try producer.send(record(to: partition)).get(answering: broker)
        }
        try producer.close()
        let connections = Dictionary(grouping: broker.requests.entries, by: \.connection)
        #expect(connections.count >= 2)
        #expect(connections.values.allSatisfy { $0.first?.api == .apiVersions })
    }

    @Test(
        "4.10 Refused versions of ApiVersions are tried lower",
        arguments: refusals)
    func refusedVersions(limit: Int16, asked: [Int16]) throws {
        try expectVersions(asked, .init(apiVersionsLimit: limit))
    }

    @Test(
        "4.11 Of a refusal the code counts, whatever follows it",
        arguments: refusals)
    func malformedRefusals(limit: Int16, asked: [Int16]) throws {
        try expectVersions(asked, .init(apiVersionsLimit: limit, refusesWithCodeAlone: true))
    }

    private func expectVersions(_ asked: [Int16], _ script: ManualBroker.Script) throws {
        let broker = try ManualBroker(script)
        let producer = try broker.producer()
        try producer.send(record()).get(answering: broker)
        try producer.close()
        let first = broker.requests.entries.filter { $0.connection == 0 && $0.api == .apiVersions }
        #expect(first.map(\.version) == asked)
    }

    @Test(
        "4.12 Produce goes in the highest version of both, from 3 on",
        arguments: [(Int16(0)...7, Int16(7)), (3...3, 3), (5...99, 12)])
    func produceVersions(range: ClosedRange<Int16>, version: Int16) throws {
        let broker = try ManualBroker(.init(produceVersions: range))
        let producer = try broker.producer()
        let future = try producer.send(record())
        let arrival = try broker.nextProduce()
        // 13 needs topic ids, which this broker has not.
        #expect(arrival.version == version)
        arrival.answer()
        try future.get()
        try producer.close()
    }

    @Test(
        "4.13 Without a version in common records fail, and the error names the broker",
        arguments: [Int16(0)...2, 14...20])
    func noVersionInCommon(range: ClosedRange<Int16>) throws {
        let broker = try ManualBroker(.init(produceVersions: range))
        let producer = try broker.producer()
        let future = try producer.send(record())
        let error = #expect(throws: KafkaError.self) { try future.get() }
        #expect(error?.kind == .unsupportedVersion)
        #expect(error?.message.contains(broker.bootstrapServers) == true)
        try producer.close()
    }
}

extension ProduceArrival {
    /// The request, which has been answered.
    fileprivate func answered() -> ProduceArrival {
        answer()
        return self
    }
}

import DevBroker
import KafkaWire
import Testing

/// librdkafka's transactional producer against the embedded broker, and kcat that reads what was committed.
@Suite struct LibrdkafkaTransactionTests {
    private static let partitions = 3

    /// Runs transactions of two records and an offset, of which every third is aborted.
    /// - Returns: What was committed, and the last offset sent in it.
    private func runTransactions(
        _ count: Int, against broker: DevBroker, before: (_ number: Int) -> Void = { _ in }
    ) throws -> (values: [String], lastOffset: Int) {
        var producer = try LibrdkafkaProducer(
            bootstrapServers: broker.bootstrapServers, transactionalId: "transfers",
            settings: [("retry.backoff.ms", "10"), ("linger.ms", "0"), ("reconnect.backoff.ms", "10")])
        var (values, lastOffset) = ([String](), -1)
        for number in 0..<count {
            before(number)
            try producer.begin()
            let pair = ["debit \(number)", "credit \(number)"]
            try producer.produce(pair[0], to: "orders", partition: number % Self.partitions)
            try producer.produce(pair[1], to: "orders", partition: (number + 1) % Self.partitions)
            try producer.sendOffset(number, of: "readers", topic: "orders", partition: 0)
            if number % 3 == 1 {
                // An abort gives the sequences of records that wait for a retry to the next ones; if one was stored
                // in spite of an error, its successor looks like a duplicate.
                try producer.flush()
                try producer.abort()
            } else {
                try producer.commit()
                values += pair
                lastOffset = number
            }
        }
        return (values, lastOffset)
    }

    private func check(
        _ broker: DevBroker, _ expected: (values: [String], lastOffset: Int)
    ) async throws {
        let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
        let committed = try await kcat.read("orders", settings: ["isolation.level=read_committed"])
        #expect(committed.compactMap(\.value).sorted() == expected.values.sorted())
        let all = try await kcat.read("orders", settings: ["isolation.level=read_uncommitted"])
        #expect(all.count > committed.count)
        let stored = try await kcat.read(
            "orders", partition: 0, from: "stored", settings: ["group.id=readers", "isolation.level=read_uncommitted"])
        #expect(stored.compactMap(\.offset).min() ?? .max >= expected.lastOffset)
    }

    @Test func whatIsCommittedIsReadWholeAndWhatIsAbortedNotAtAll() async throws {
        let broker = DevBroker()
        try await broker.start()
        try broker.createTopic("orders", partitions: Self.partitions)
        let expected = try runTransactions(30, against: broker)
        try await check(broker, expected)
        try await broker.shutdown()
    }

    @Test func itBearsWhatGoesWrongWithCoordinators() async throws {
        var configuration = DevBrokerConfiguration()
        configuration.nodes = 3
        let broker = DevBroker(configuration)
        try await broker.start()
        try broker.createTopic("orders", partitions: Self.partitions)
        let faults: [Fault] = [
            .error(.coordinatorLoadInProgress), .error(.coordinatorNotAvailable), .error(.concurrentTransactions),
            .moveLeader, .closeBefore, .closeAfter, .delayAnswer(.milliseconds(5)),
            .errorAfterAppend(.coordinatorNotAvailable),
        ]
        let apis: [APIKey] = [.addPartitionsToTxn, .addOffsetsToTxn, .txnOffsetCommit, .endTxn]
        let pairs = apis.flatMap { api in faults.map { (api, $0) } }
        let expected = try runTransactions(pairs.count, against: broker) { number in
            broker.inject(pairs[number].1, into: pairs[number].0)
            if number == 0 { broker.inject(.error(.coordinatorNotAvailable), into: .findCoordinator) }
        }
        try await check(broker, expected)
        try await broker.shutdown()
    }

    @Test func theSecondProducerOfAnIdFencesTheFirst() async throws {
        let broker = DevBroker()
        try await broker.start()
        try broker.createTopic("orders", partitions: 1)
        var zombie = try LibrdkafkaProducer(bootstrapServers: broker.bootstrapServers, transactionalId: "transfers")
        try zombie.begin()
        try zombie.produce("old", to: "orders", partition: 0)
        var successor = try LibrdkafkaProducer(bootstrapServers: broker.bootstrapServers, transactionalId: "transfers")
        try successor.begin()
        try successor.produce("new", to: "orders", partition: 0)
        try successor.commit()
        let error = #expect(throws: LibrdkafkaFailure.self) { try zombie.commit() }
        #expect(error?.description.contains("fenced") == true, "\(error?.description ?? "")")
        let committed = try broker.records(topic: "orders", partition: 0, committedOnly: true)
        #expect(committed.map(\.value) == [Array("new".utf8)])
        try await broker.shutdown()
    }
}

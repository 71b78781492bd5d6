import KafkaWire
import Testing

@testable import KafkaProducer

/// Sends that have to wait for metadata or memory.
@Suite struct WaitingTests {
    /// One batch, and that is all the memory there is.
    static let oneBatch = ["buffer.memory": "200", "batch.size": "200", "linger.ms": "0"]

    let record = ProducerRecord<String, String>(topic: "t", partition: 0, value: "v")

    @Test("1.4 send waits until a topic has metadata")
    func sendWaitsForATopic() throws {
        let broker = try ManualBroker(.init(topicError: .unknownTopicOrPartition))
        let producer = try broker.producer()
        let sending = Background { [record] in Result { try producer.send(record, onCompletion: nil).get() } }
        // The second question shows that the first answer did not end the wait.
        for _ in 0..<2 { #expect(try broker.nextQuestion() == ["t"]) }
        broker.change { $0.topicError = .none }
        try broker.nextProduce().answer()
        #expect(try sending.result().get().partition == 0)
        try producer.close()
    }

    @Test("1.4 It waits no longer than max.block.ms, and then the record fails", arguments: [true, false])
    func theWaitForATopicEnds(answersMetadata: Bool) throws {
        let broker = try ManualBroker(
            .init(topicError: .unknownTopicOrPartition, answersMetadata: answersMetadata))
        let producer = try broker.producer(["max.block.ms": "50"])
        let future = try producer.send(record)
        #expect(future.isDone)
        let error = #expect(throws: KafkaError.self) { try future.get() }
        #expect(error?.kind == .timeout)
        #expect(error?.message.contains("topic 't' not present in metadata after 50 ms (max.block.ms)") == true)
        try producer.close()
    }

    @Test("1.5 send waits until a partition beyond the count is there")
    func sendWaitsForAPartition() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer()
        _ = try producer.partitions(of: "t")
        #expect(try broker.nextQuestion() == ["t"])
        let sending = Background {
            Result { try producer.send(ProducerRecord(topic: "t", partition: 1, value: "v"), onCompletion: nil).get() }
        }
        #expect(try broker.nextQuestion() == ["t"])
        broker.change { $0.partitions = 2 }
        let arrival = try broker.nextProduce()
        #expect(arrival.batches.map(\.partition) == [1])
        arrival.answer()
        #expect(try sending.result().get().partition == 1)
        try producer.close()
    }

    @Test("1.6 The suspending send holds no thread while it waits", arguments: ["metadata", "memory"])
    func waitingSuspends(cause: String) async throws {
        // Many more than there are threads for tasks.
        let count = 64
        let broker = try ManualBroker(.init(topicError: cause == "metadata" ? .leaderNotAvailable : .none))
        let begun = Inbox<Void>()
        let noting = Serializer<String>(name: "noting") { text, _, _ in
            begun.put(())
            return Array(text.utf8)
        }
        let producer = try Producer(
            broker.configuration(Self.oneBatch.merging(["max.block.ms": "600000"], uniquingKeysWith: { $1 })),
            keySerializer: noting, valueSerializer: noting)
        let answering = Background {
            Result {
                var isAnswered = false
                // Or else what waits would go on for ten minutes.
                defer { if !isAnswered { try? producer.close(timeout: .zero) } }
                for _ in 0..<count { try begun.next() }
                broker.change { $0.topicError = .none }
                var answered = 0
                while answered < count {
                    let arrival = try broker.nextProduce()
                    answered += arrival.values.count
                    arrival.answer()
                }
                isAnswered = true
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask { [record] in _ = try await producer.send(record) }
            }
            try await group.waitForAll()
        }
        try answering.result().get()
        await producer.close()
    }

    @Test("1.18 Who waits for memory goes on when it is given back")
    func sendWaitsForMemory() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer(Self.oneBatch)
        try producer.send(record)
        let first = try broker.nextProduce()
        let sending = Background { [record] in Result { try producer.send(record, onCompletion: nil).get() } }
        try eventually { producer.core.memory.waiterCount == 1 }
        first.answer()
        try broker.nextProduce().answer()
        #expect(try sending.result().get().topic == "t")
        try producer.close()
        #expect(producer.core.availableMemory == 200)
    }

    @Test("1.29 A send that waits for metadata throws when the producer is closed")
    func closingEndsTheWaitForMetadata() throws {
        let broker = try ManualBroker(.init(answersMetadata: false))
        let (witness, told) = (Witness(), Log<Witness.Told>())
        let producer = try broker.producer(interceptors: [witness])
        let sending = Background { [record] in
            Result { try producer.send(record, onCompletion: Witness.callback(told)) }
        }
        #expect(try broker.nextQuestion() == ["t"])
        try producer.close()
        try expectClosed(sending.result())
        #expect(told.entries == [])
        #expect(witness.told.entries.map(\.error?.kind) == [.closed])
    }

    @Test("1.29 A send that waits for memory throws when the producer is closed", arguments: [true, false])
    func closingEndsTheWaitForMemory(isGraceful: Bool) throws {
        let broker = try ManualBroker()
        let (witness, told) = (Witness(), Log<Witness.Told>())
        let producer = try broker.producer(Self.oneBatch, interceptors: [witness])
        try producer.send(record)
        let arrival = try broker.nextProduce()
        let sending = Background { [record] in
            Result { try producer.send(record, onCompletion: Witness.callback(told)) }
        }
        try eventually { producer.core.memory.waiterCount == 1 }
        let closing = Background { Result { try producer.close(timeout: isGraceful ? nil : .zero) } }
        try eventually { producer.isClosing }
        if isGraceful { arrival.answer() }
        try closing.result().get()
        try expectClosed(sending.result())
        #expect(told.entries == [])
        #expect(
            witness.told.entries.map(\.error?.kind) == [
                isGraceful ? nil : .closed, .closed,
            ])
        try eventually { producer.core.availableMemory == 200 }
    }

    private func expectClosed(_ result: Result<DeliveryFuture, any Error>) {
        let error = #expect(throws: KafkaError.self) { try result.get() }
        #expect(error?.kind == .closed)
    }
}

import Testing

@testable import KafkaProducer

@Suite struct FlushTests {
    /// Nothing goes by itself.
    static let lingering = ["linger.ms": "60000", "delivery.timeout.ms": "120000"]

    let broker: ManualBroker
    let producer: Producer<String, String>

    init() throws {
        broker = try ManualBroker(nodes: 2, .init(partitions: 2, leaders: [1: 1]))
        producer = try broker.producer(Self.lingering)
    }

    private func send(_ value: String, to partition: Int32) throws -> DeliveryFuture {
        try producer.send(ProducerRecord(topic: "t", partition: partition, value: value))
    }

    @Test("2.12 flush waits for every batch that was not complete when it was called")
    func flushWaitsForAll() throws {
        let futures = try [send("a", to: 0), send("b", to: 1)]
        let flushing = Background { [producer] in
            Result {
                try producer.flush()
                return futures.map(\.isDone)
            }
        }
        // Each of the two has a connection of its own; whichever comes last is answered last.
        for _ in futures { try broker.nextProduce().answer() }
        #expect(try flushing.result().get() == [true, true])
        try producer.close()
    }

    @Test("2.12 The suspending flush waits for them too")
    func flushSuspendsForAll() async throws {
        let futures = try [send("a", to: 0), send("b", to: 1)]
        let answering = Background { [broker] in
            Result { for _ in 0..<2 { try broker.nextProduce().answer() } }
        }
        await producer.flush()
        #expect(futures.allSatisfy { $0.isDone })
        try answering.result().get()
        await producer.close()
    }

    @Test("2.13 flush does not wait for what is sent after it was called, nor send it at once")
    func flushDoesNotWaitForLater() throws {
        let first = try send("first", to: 0)
        let flushing = Background { [producer] in Result { try producer.flush() } }
        // Only flush lets it go: what comes now comes later.
        let arrival = try broker.nextProduce()
        let later = try (0..<100).map { try send("later \($0)", to: Int32($0 % 2)) }
        arrival.answer()
        try flushing.result().get()
        #expect(first.isDone)
        #expect(later.allSatisfy { !$0.isDone })
        #expect(broker.hasNoMore)
        try producer.close(timeout: .zero)
    }

    @Test("2.13 flush ends though other threads go on sending")
    func flushEndsWhileOthersSend() throws {
        let broker = try Broker()
        let producer = try broker.producer()
        let stop = Latch()
        let sending = Background {
            Result {
                while !stop.isOpen { try producer.send(ProducerRecord(topic: "t", value: "v")) }
            }
        }
        for _ in 0..<20 {
            let future = try producer.send(ProducerRecord(topic: "t", partition: 0, value: "mine"))
            try producer.flush()
            #expect(future.isDone)
        }
        stop.open()
        try sending.result().get()
        try producer.close()
    }

    @Test("2.14 flush in a callback throws instead of waiting for itself")
    func flushInACallback() throws {
        let errors = Log<KafkaError.Kind>()
        let broker = try Broker()
        let producer = try broker.producer()
        try producer.send(ProducerRecord(topic: "t", value: "v")) { _, _ in
            do throws(KafkaError) { try producer.flush() } catch { errors.append(error.kind) }
        }.get()
        #expect(errors.entries == [.illegalState])
        try producer.close()
    }

    @Test("2.15 Waiting in a callback, for a future or for partitions, throws")
    func waitingInACallback() throws {
        let errors = Log<KafkaError.Kind>()
        let broker = try Broker()
        let producer = try broker.producer(Self.lingering)
        let pending = try producer.send(ProducerRecord(topic: "t", partition: 0, value: "pending"))
        let other = try broker.producer()
        // The callback runs on the I/O thread of the other producer: no I/O thread may wait.
        try other.send(ProducerRecord(topic: "t", partition: 1, value: "v")) { _, _ in
            do throws(KafkaError) { try pending.get() } catch { errors.append(error.kind) }
            do throws(KafkaError) { _ = try other.partitions(of: "new") } catch { errors.append(error.kind) }
        }.get()
        #expect(errors.entries == [.illegalState, .illegalState])
        try other.close()
        try producer.close()
    }
}

import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import KafkaProducer

/// `onNewBatch`: told once a record at most, and the partition asked for once more.
@Suite struct NewBatchTests {
    /// Gives one partition after the other, and notes what it is asked.
    final class Sequence: Partitioner {
        let observesNewBatches: Bool
        let log = Log<String>()
        private let choices: Mutex<[Int32?]>

        init(_ choices: [Int32?], observing: Bool = true) {
            self.choices = Mutex(choices)
            observesNewBatches = observing
        }

        func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) -> Int32? {
            let choice = choices.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            log.append("\(choice.map { "\($0)" } ?? "nil")")
            return choice
        }

        func onNewBatch(topic: String, partitions: TopicPartitions, previous: Int32) {
            log.append("\(topic)-\(previous) of \(partitions.count)")
        }
    }

    private static let lingering = ["linger.ms": "60000", "delivery.timeout.ms": "90000"]

    private func send(
        _ records: [ProducerRecord<String, String>], by sequence: Sequence, _ keys: [String: String] = lingering
    ) throws -> [Int32] {
        let broker = try Broker(partitions: 8)
        let producer = try broker.producer(keys, partitioner: sequence)
        let futures = try records.map { try producer.send($0) }
        try producer.close()
        return try withExtendedLifetime(broker) { try futures.map { try $0.get().partition } }
    }

    @Test func theSecondAnswerCounts() throws {
        let sequence = Sequence([1, 2, 1, 3])
        let records = (0..<2).map { _ in ProducerRecord<String, String>(topic: "t", value: "v") }
        #expect(try send(records, by: sequence) == [2, 3])
        #expect(sequence.log.entries == ["1", "t-1 of 8", "2", "1", "t-1 of 8", "3"])
    }

    /// Where the second answer would open a batch too, nobody is told again.
    @Test("1.21 A partitioner is told of a new batch once a record")
    func onceARecord() throws {
        let sequence = Sequence([1, 2, 2])
        let records = (0..<2).map { _ in ProducerRecord<String, String>(topic: "t", value: "v") }
        #expect(try send(records, by: sequence) == [2, 2])
        #expect(sequence.log.entries == ["1", "t-1 of 8", "2", "2"])
    }

    @Test func nilAtTheSecondTimeLeavesItToTheBuiltInPartitioner() throws {
        let sequence = Sequence([1, nil])
        #expect(try send([ProducerRecord(topic: "t", key: "key-6", value: "v")], by: sequence) == [4])
        #expect(sequence.log.entries == ["1", "t-1 of 8", "nil"])
    }

    @Test func whoChoseNothingIsToldNothing() throws {
        let sequence = Sequence([])
        let records: [ProducerRecord<String, String>] = [
            ProducerRecord(topic: "t", partition: 3, value: "v"), ProducerRecord(topic: "t", key: "key-6", value: "v"),
        ]
        #expect(try send(records, by: sequence) == [3, 4])
        #expect(sequence.log.entries == ["nil"])
    }

    @Test("1.22 Who does not want to know of new batches is asked once")
    func whoDoesNotWantToKnowIsAskedOnce() throws {
        let sequence = Sequence([1, 2, 3], observing: false)
        let records = (0..<3).map { _ in ProducerRecord<String, String>(topic: "t", value: "v") }
        #expect(try send(records, by: sequence, ["batch.size": "0"]) == [1, 2, 3])
        #expect(sequence.log.entries == ["1", "2", "3"])
    }

    /// A record that waits for memory, and is tried again and again, has had its turn.
    @Test("1.21 Once a record, though it waits for memory")
    func onceARecordThoughItWaits() throws {
        let sequence = Sequence([1, 2, 3, 4, 5, 6])
        let core = try Self.stuckProducer(sequence)
        defer { try? core.close(timeout: .zero) }
        let topic = core.topic("t")
        topic.update(
            ClusterMetadata.Topic(
                name: "t", id: .zero,
                partitions: (0..<8).map { ClusterMetadata.Partition(id: $0, leader: -1, leaderEpoch: 0) }))
        try RecordBytes.lend(key: nil, value: [UInt8](repeating: 0, count: 200), timestamp: 1) { record in
            var first = ProducerCore.Progress()
            guard
                case .sent = try core.attempt(
                    &first, record, to: topic, partition: nil, headers: Headers(), callback: nil)
            else { return #expect(Bool(false), "there is memory for one batch") }
            var second = ProducerCore.Progress()
            for _ in 0..<3 {
                guard
                    case .mustWait = try core.attempt(
                        &second, record, to: topic, partition: nil, headers: Headers(), callback: nil)
                else { return #expect(Bool(false), "there is memory for one batch only") }
            }
            _ = core.timedOut(&second, topic: topic, partition: nil, callback: nil)
        }
        #expect(sequence.log.entries == ["1", "t-1 of 8", "2", "3", "t-3 of 8", "4"])
    }

    /// A producer with memory for one batch, that never gets through to a broker.
    private static func stuckProducer(_ partitioner: any Partitioner) throws -> ProducerCore {
        var configuration = try ProducerConfiguration.quick(
            "127.0.0.1:1", ["batch.size": "400", "buffer.memory": "400"])
        configuration.partitioner = .custom(partitioner)
        return try ProducerCore(
            configuration, logger: .init(label: "test"),
            environment: ProducerEnvironment(
                eventLoop: MultiThreadedEventLoopGroup.singleton.next(), transport: DeafTransport(),
                generator: SeededGenerator(seed: 1)))
    }

    private struct DeafTransport: Transport {
        func open(
            _ address: BrokerAddress, setupTimeout: Duration, on eventLoop: any EventLoop
        ) -> EventLoopFuture<any BrokerLink> {
            eventLoop.makeFailedFuture(KafkaError(.network, "nobody listens"))
        }
    }
}

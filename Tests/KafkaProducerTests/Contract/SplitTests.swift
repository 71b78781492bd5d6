import KafkaWire
import Testing

@testable import KafkaProducer

/// Batches that are too large for the broker.
@Suite struct SplitTests {
    /// What became of ten records in one batch, with a broker that takes two at a time.
    private struct Split {
        /// The values of each request, in order, refused ones too.
        var requests: [[String]] = []
        /// The records' offsets, in the order of send.
        var offsets: [Int64] = []
        var callbacks: [String] = []
    }

    private let values = (0..<10).map { "\($0)" + String(repeating: "-", count: 100) }

    private func split() throws -> Split {
        let broker = try ManualBroker()
        // One repetition would be all: a split is none.
        let producer = try broker.producer(
            BatchReadinessTests.lingering.merging(
                ["retries": "1", "max.in.flight.requests.per.connection": "1"], uniquingKeysWith: { $1 }))
        var split = Split()
        let called = Log<String>()
        let futures = try values.map { value in
            try producer.send(ProducerRecord(topic: "t", partition: 0, value: value)) { metadata, error in
                called.append("\(value.prefix(1))@\(metadata.offset)\(error.map { " \($0)" } ?? "")")
            }
        }
        let flushing = Background { Result { try producer.flush() } }
        var stored = 0
        while stored < values.count {
            let arrival = try broker.nextProduce()
            split.requests.append(arrival.values)
            if arrival.values.count > 2 {
                arrival.refuse(.messageTooLarge)
            } else {
                let base = Int64(10 * stored)
                arrival.answer { $0.baseOffset = base }
                stored += arrival.values.count
            }
        }
        try flushing.result().get()
        split.offsets = try futures.map { try $0.get().offset }
        split.callbacks = called.entries
        try producer.close()
        return split
    }

    @Test("3.12 A batch that is too large is split until its pieces are taken, its records in order")
    func theBatchIsSplit() throws {
        let requests = try split().requests
        #expect(requests.first == values)
        #expect(requests.count > 2)
        #expect(requests.dropFirst().allSatisfy { $0.count < values.count })
        #expect(requests.filter { $0.count <= 2 }.flatMap { $0 } == values)
    }

    @Test("3.14 Futures and callbacks tell of the piece that their record went into")
    func futuresFollow() throws {
        let split = try split()
        var expected: [Int64] = []
        for piece in split.requests where piece.count <= 2 {
            let base = Int64(10 * expected.count)
            expected += piece.indices.map { base + Int64($0) }
        }
        #expect(split.offsets == expected)
        #expect(split.callbacks == expected.enumerated().map { "\($0)@\($1)" })
    }

    @Test("3.15 A record that is too large alone fails with the broker's error")
    func aSingleRecordFails() throws {
        let broker = try ManualBroker()
        let producer = try broker.producer()
        let future = try producer.send(ProducerRecord(topic: "t", partition: 0, value: "v"))
        try broker.nextProduce().refuse(.messageTooLarge)
        let error = #expect(throws: KafkaError.self) { try future.get() }
        #expect(error?.code == .messageTooLarge)
        #expect(broker.hasNoMore)
        try producer.close()
    }
}

import TestSupport
import Testing

@testable import DevBroker

@Suite struct CoordinatorLineTests {
    private static var transaction: Transaction {
        var transaction = Transaction(producerId: 7)
        transaction.producer.epoch = 3
        transaction.timeoutMs = 60_000
        transaction.state = .prepareAbort
        transaction.lastEpoch = 2
        transaction.previousProducerId = 5
        transaction.nextProducerId = 9
        transaction.endedWithNewEpoch = true
        transaction.startedAt = 1_700_000_000_000
        transaction.partitions = [
            TopicPartition(topic: "orders", index: 1), TopicPartition(topic: "a_b.c-d", index: 0),
        ]
        transaction.groups = ["", "ein Name, mit ü"]
        return transaction
    }

    static let lines: [CoordinatorLine] = [
        .transaction(id: "t", Transaction(producerId: 1)),
        .transaction(id: "with space\nand % and \u{0}", transaction),
        .offset(
            GroupOffsets.Place(group: "g 1", partition: TopicPartition(topic: "orders", index: 2)),
            GroupOffsets.Position(offset: 42, leaderEpoch: 3, metadata: "so far"), producerId: nil),
        .offset(
            GroupOffsets.Place(group: "g", partition: TopicPartition(topic: "orders", index: 2)),
            GroupOffsets.Position(offset: 0), producerId: 7),
        .end(producerId: 7, .commit), .end(producerId: 7, .abort),
    ]

    @Test(arguments: lines) func linesAreReadBack(line: CoordinatorLine) {
        #expect(!line.text.contains("\n"))
        #expect(CoordinatorLine(line.text[...]) == line)
    }

    @Test func damagedLinesAreRefusedOrReadable() throws {
        var generator = SeededGenerator(seed: 7)
        var refused = 0
        for _ in 0..<5_000 {
            let text = try #require(Self.lines.randomElement(using: &generator)).text
            var bytes = Array(text.utf8)
            let index = Int.random(in: bytes.indices, using: &generator)
            bytes[index] = UInt8.random(in: 32..<127, using: &generator)
            let damaged = String(decoding: bytes, as: UTF8.self)
            guard let line = CoordinatorLine(damaged[...]) else {
                refused += 1
                continue
            }
            #expect(CoordinatorLine(line.text[...]) == line)
        }
        #expect(refused > 500)
    }
}
